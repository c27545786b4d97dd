// Starts the server of this folder with `npm start`, asks for each path that is named so often, and ends it:
//
//   npx next-profiling run -- node scripts/load.mjs / /blog/hello
//
// PORT: where the server listens (3000). REQUESTS: of each path (200). CLIENTS: how many at a time (2).
import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

const { PORT = '3000', REQUESTS = '200', CLIENTS = '2' } = process.env;
const paths = process.argv.slice(2);
const urls = Array.from({ length: Number(REQUESTS) }, () =>
  paths.map((path) => `http://127.0.0.1:${PORT}${path}`),
).flat();

// In a group of its own: npm starts the server through a shell, and ends before it.
const server = spawn('npm', ['start'], { stdio: 'inherit', detached: true, env: { ...process.env, PORT } });
const isRunning = () => {
  try {
    return process.kill(-server.pid, 0);
  } catch {
    return false;
  }
};

async function get(url) {
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

async function answering() {
  for (let tries = 0; tries < 600 && isRunning(); tries++) {
    try {
      return await get(urls[0]);
    } catch {
      await setTimeout(100);
    }
  }
  throw new Error(`${urls[0]} does not answer`);
}

try {
  await answering();
  const client = async () => {
    for (let url = urls.pop(); url !== undefined; url = urls.pop()) await get(url);
  };
  await Promise.all(Array.from({ length: Number(CLIENTS) }, client));
} finally {
  if (isRunning()) process.kill(-server.pid, 'SIGTERM');
  // What the server has not sent yet it leaves to the collector at its end.
  for (let tries = 0; tries < 300 && isRunning(); tries++) await setTimeout(100);
}
