import { expect, test } from 'vitest';
import { nodeBinary, SUPPORTED_NODE_VERSIONS } from '../node-versions.ts';
import { sink, untilTestEnds } from '../per-test.ts';
import { SentryApp } from '../sentry-app.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };

// V8 knows the functions of all addons by one name, which is ours to choose.
test.each(SUPPORTED_NODE_VERSIONS)(
  'time in somebody’s addon has no function’s name of ours, on Node %s',
  async (version) => {
    const app = untilTestEnds(await SentryApp.start({ dsn: sink.dsn, init: TRACE, nodeBinary: nodeBinary(version) }));
    await app.call('compile', 500);
    await app.call('flush');
    const stacks = sink.chunks.flatMap(({ profile }) =>
      profile.samples.map(({ stack_id }) => (profile.stacks[stack_id] ?? []).map((at) => profile.frames[at]?.function)),
    );
    const compiling = stacks.filter((names) => names.includes('compileOften'));
    const inAddon = compiling.filter(([leaf]) => leaf === '(native addon)');
    expect(inAddon.length).toBeGreaterThan(20);
    expect(inAddon.length).toBeGreaterThan(compiling.length * 0.8);
  },
);
