import { freePort } from './free-port.ts';
import { pathsOf } from './paths-of.ts';
import type { ProbeReport } from './probe.ts';
import { bestPath, requestFor, untilAnswered } from './requests.ts';
import type { ServerCommand } from './server-of.ts';
import { ServerProcess } from './server-process.ts';
import { Sink } from './sink.ts';

/** What became of the server that was booted, and of the requests to it. */
export interface ServerExamination {
  readonly command: ServerCommand['kind'];
  /** How long after its start it first answered, milliseconds; null if it never did. */
  readonly bootMs: number | null;
  /** How the server ended before it was asked to; null if it did not. */
  readonly end: string | null;
  /** What it printed last. */
  readonly lines: readonly string[];
  /** The path that was asked for and the HTTP status that it answered with. */
  readonly path: string;
  readonly httpStatus: number | null;
  readonly requests: number;
  /** What the probe said before and after the requests. */
  readonly before: ProbeReport | null;
  readonly report: ProbeReport | null;
  /** Whether the doctor started the profiler, since nothing else did: the lifecycle is manual. */
  readonly startedByDoctor: boolean;
  /** Where it never answered: whether it does with `NEXT_PROFILING=off`. */
  readonly answersWithoutProfiling: boolean | null;
  /** Whether the process was counted as sampled, for `profileSessionSampleRate` left it out. */
  readonly sampledByDoctor: boolean;
}

/** What arrived in Sentry's place. */
export type Received = Pick<Sink, 'host' | 'acceptedChunks' | 'samples' | 'refusal'>;

export interface BootOptions {
  /** What to ask for; default: the front page, or another page that answers. */
  readonly path: string | undefined;
  /** How long the server may take to answer. */
  readonly timeoutMs: number;
}

/** A profile needs two samples, and a fast route may be seen at work in few of its requests. */
const ROUNDS = 4;
const ROUND_MS = 500;
const CLIENTS = 4;

/** Boots the server on a free loopback port, uses it, asks it how it is, and ends it. */
export async function examineServer(
  command: ServerCommand,
  options: BootOptions,
): Promise<{ server: ServerExamination; received: Received }> {
  const sink = await Sink.listen();
  try {
    return { server: await examine(command, options, sink), received: sink };
  } finally {
    sink.close();
  }
}

async function examine(command: ServerCommand, options: BootOptions, sink: Sink): Promise<ServerExamination> {
  const first = await examineOnce(command, options, sink, {});
  if (first.bootMs === null) {
    // Whose fault is it?
    const { bootMs } = await examineOnce(command, options, sink, { NEXT_PROFILING: 'off' });
    return { ...first, answersWithoutProfiling: bootMs !== null };
  }
  const { status, sentry } = first.before ?? {};
  if (status?.state !== 'unsampled' || !(Number(sentry?.profileSessionSampleRate) > 0)) return first;
  const second = await examineOnce(command, options, sink, { NEXT_PROFILING: 'sampled' });
  return { ...second, sampledByDoctor: true };
}

async function examineOnce(
  command: ServerCommand,
  { path, timeoutMs }: BootOptions,
  sink: Sink,
  env: Partial<NodeJS.ProcessEnv>,
): Promise<ServerExamination> {
  const paths = path === undefined ? pathsOf(command.build) : [path];
  const startMs = performance.now();
  // Where `Sentry.init` has its DSN from `NEXT_PUBLIC_SENTRY_DSN` and the build had none, it is read at run time.
  const dsn = { SENTRY_DSN: sink.dsn, NEXT_PUBLIC_SENTRY_DSN: sink.dsn };
  const server = new ServerProcess(command, await freePort(), { ...process.env, ...dsn, ...env });
  try {
    const answers = await untilAnswered(server, String(paths[0]), timeoutMs);
    const bootMs = answers ? performance.now() - startMs : null;
    const asked = answers ? await bestPath(server.port, paths) : { path: String(paths[0]), status: null };
    const before = answers ? await server.ask('report') : null;
    const used = await useServer(server, asked.path, before, sink);
    return {
      command: command.kind,
      bootMs,
      end: server.end,
      lines: server.lines,
      path: asked.path,
      httpStatus: asked.status,
      before,
      answersWithoutProfiling: null,
      sampledByDoctor: false,
      ...used,
    };
  } finally {
    await server.stop();
  }
}

/** Sends requests until a profile arrives, where one can. */
async function useServer(
  server: ServerProcess,
  path: string,
  before: ProbeReport | null,
  sink: Sink,
): Promise<Pick<ServerExamination, 'requests' | 'report' | 'startedByDoctor'>> {
  const { status } = before ?? {};
  let report = before;
  let requests = 0;
  const isReady = ['idle', 'profiling', 'fallback'].includes(status?.state ?? '');
  const startedByDoctor = isReady && status?.lifecycle === 'manual' && status.profilerId === null;
  if (!isReady) return { requests, report, startedByDoctor };
  for (let round = 0; round < ROUNDS && sink.acceptedChunks === 0; round++) {
    if (startedByDoctor) await server.ask('start');
    requests += await requestFor(server.port, path, ROUND_MS, CLIENTS);
    if (startedByDoctor) await server.ask('stop');
    report = await server.ask('flush');
    if ((report?.status?.counters.chunksSent ?? 0) > 0) break;
  }
  return { requests, report, startedByDoctor };
}
