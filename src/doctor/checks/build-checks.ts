import { checkBinary } from '../../../native/binary-check.ts';
import { hasBinary } from '../../../native/target.ts';
import { messageOf } from '../../errors.ts';
import type { Examination } from '../examination.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import { BUILD_AGAIN, INSTRUMENTATION, INTEGRATION, WRAP_CONFIG, withTarget } from '../lines-to-paste.ts';

const OLDEST_NODE: readonly [number, number] = [20, 19];
const OLDEST_NEXT = 15;

export function node({ host }: Examination): Finding {
  const [major = 0, minor = 0] = host.node.split('.').map(Number);
  const says = `Node.js ${host.node} on ${host.target}`;
  const old = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return old ? problem('node-too-old', says, 'run the server on Node.js 20.19 or newer') : ok(says);
}

export function build({ directory, build, noServer, output }: Examination): Finding {
  if (build === null) return problem('no-build', `there is no finished build in ${directory}`, BUILD_AGAIN);
  const name = `${build.distDir}, output '${build.output ?? 'server'}'`;
  if (noServer === 'static-export') return note('static-export', `${name}: there is no server to profile`);
  if (noServer === 'standalone-missing') {
    return problem('standalone-missing', `${name}: its standalone folder is gone`, BUILD_AGAIN);
  }
  return ok(output?.bundler ? `${name}, built with ${output.bundler}` : name);
}

export function next({ installed, noServer }: Examination): Finding | null {
  if (installed === null) return null;
  if (noServer === 'next-missing') return problem('next-missing', 'Next.js is not installed', 'npm install');
  if (installed.next === null) return null;
  const says = `Next.js ${installed.next}`;
  return Number.parseInt(installed.next, 10) < OLDEST_NEXT
    ? problem('next-too-old', says, 'npm install next@latest')
    : ok(says);
}

export function packages({ installed }: Examination): Finding | null {
  if (installed === null) return null;
  const ours = installed['next-profiling'];
  const found = [ours === null ? null : `next-profiling ${ours}`, installed.sentry, installed.packageManager];
  const known = found.filter((name) => name !== null);
  return known.length === 0 ? null : ok(known.join(', '));
}

export function openTelemetry({ installed }: Examination): Finding | null {
  const found = Object.entries(installed?.openTelemetryApi ?? {});
  const versions = found.map(([, version]) => version);
  if (new Set(versions).size < 2) return null;
  const uses = found.map(([name, version]) => `${name} ${version}`).join(', ');
  const says = `parts of the Sentry SDK find different versions of @opentelemetry/api (${uses}), which refuses all but one: requests lose their traces`;
  const newest = versions.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0];
  return problem('opentelemetry-versions', says, `npm install @opentelemetry/api@${newest}, then build again`);
}

export function engine({ output, server, installed }: Examination): Finding | null {
  if (output === null) return null;
  if (output.engine === null) {
    return problem('engine-missing', `the build holds no engine: ${output.folder} is not there`, WRAP_CONFIG);
  }
  const running = server?.report?.engineVersion;
  const ours = installed?.['next-profiling'];
  const says = `the build holds the engine, ${output.engine.bytes} bytes`;
  if (running && ours && running !== ours) {
    return note('engine-of-another-version', `${says}, of ${running}; installed is ${ours}`, BUILD_AGAIN);
  }
  return ok(says);
}

export function binary({ output, host }: Examination): Finding | null {
  if (output === null || output.engine === null) return null;
  const held = output.binaries.map(({ target, bytes }) => `${target} (${bytes} bytes)`).join(', ') || 'none';
  const own = output.binaries.find(({ target }) => target === host.target);
  if (own === undefined) {
    if (!hasBinary(host.target)) return null;
    const says = `the build holds no binary for this machine, ${host.target}; it holds: ${held}`;
    return problem('binary-missing', says, withTarget(host.target));
  }
  try {
    checkBinary(own.file, process.arch);
    return ok(`the build holds the binary for ${held}`);
  } catch (error) {
    return problem('binary-broken', `${own.file}: ${messageOf(error)}`, BUILD_AGAIN);
  }
}

export function instrumentation({ output }: Examination): Finding | null {
  if (output === null) return null;
  if (!output.instrumentation) {
    return problem('instrumentation-missing', 'the app has no instrumentation file', INSTRUMENTATION);
  }
  if (!output.door) {
    return problem('integration-missing', 'the server calls no nodeProfilingIntegration()', INTEGRATION);
  }
  return ok('the instrumentation file is there, and the server has nodeProfilingIntegration()');
}
