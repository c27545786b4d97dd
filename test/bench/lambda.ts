/**
 * Three invocations on Lambda's own runtime client, with the process frozen in between: `node test/bench/lambda.ts`.
 * Each must have left its whole profile behind before the freeze, linked to its transaction. The runtime client is compiled
 * on its install, for some minutes, and needs CMake; it goes into `.cache/lambda`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateChunk } from '../../src/profile/validate-chunk.ts';
import { busyMs } from '../busy-ms.ts';
import { LambdaRuntimeApi } from '../lambda-runtime-api.ts';
import { Sink } from '../sink.ts';

const HOME = join(import.meta.dirname, '..', '..', '.cache', 'lambda');
const MODULES = join(HOME, 'node_modules');
const PACKAGES = ['aws-lambda-ric@4.0.2', '@sentry/aws-serverless@10.75.2'];
const FREEZE_MS = 3_000;
const BURN_MS = 200;

if (!existsSync(join(MODULES, 'aws-lambda-ric', 'rapid-client.node'))) {
  mkdirSync(HOME, { recursive: true });
  writeFileSync(join(HOME, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES], {
    cwd: HOME,
    stdio: 'inherit',
  });
  execFileSync('npm', ['rebuild', 'aws-lambda-ric', '--foreground-scripts'], { cwd: HOME, stdio: 'inherit' });
}

const sink = await Sink.listen();
const api = new LambdaRuntimeApi();
const root = join(import.meta.dirname, '..', 'fixtures', 'lambda');
const child = spawn(process.execPath, [join(MODULES, 'aws-lambda-ric', 'index.mjs'), 'handler.handler'], {
  cwd: root,
  stdio: 'inherit',
  env: {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    NODE_OPTIONS: `--require=${join(root, 'instrument.cjs')}`,
    SDK: join(MODULES, '@sentry', 'aws-serverless'),
    DSN: sink.dsn,
    AWS_LAMBDA_RUNTIME_API: await api.listen(),
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_VERSION: '1',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    AWS_LAMBDA_LOG_GROUP_NAME: 'bench',
    AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
    AWS_REGION: 'eu-west-1',
    LAMBDA_TASK_ROOT: root,
    _HANDLER: 'handler.handler',
  },
});
await api.idle();
let seenMs = 0;
for (let i = 1; i <= 3; i++) {
  await api.invoke(`invocation-${i}`, { burnMs: BURN_MS });
  child.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, FREEZE_MS));
  const allMs = busyMs(sink.chunks, 'hotFunction');
  console.log(
    `invocation ${i}: ${Math.round(allMs - seenMs)} of ${BURN_MS} ms in profiles that came before the freeze`,
  );
  seenMs = allMs;
  child.kill('SIGCONT');
}
await sink
  .until(() => sink.payloads('transaction').length >= 3, 'three transactions')
  .catch((error) => console.log(String(error)));
const transactions = sink.payloads('transaction').map((payload) => JSON.parse(payload));
const profilers = new Set(transactions.map(({ contexts }) => contexts.profile?.profiler_id));
console.log(`${transactions.length} transactions: ${transactions.map(({ transaction }) => transaction).join(', ')}`);
for (const [index, payload] of sink.payloads('profile_chunk').entries()) {
  const verdict = validateChunk(payload, 'node');
  const chunk = JSON.parse(payload);
  const ms = Math.round(busyMs([chunk], 'hotFunction'));
  const linked = profilers.has(chunk.profiler_id) ? 'linked' : 'not linked';
  console.log(`chunk ${index + 1}: ${verdict.ok ? 'valid' : verdict.reason}, ${linked}, ${ms} ms of the function`);
}
child.kill('SIGKILL');
api.close();
sink.close();
