/** Who is compared: the same app under the same load, with the same Sentry SDK, but for its profiler. */
export const CONTENDERS = [
  'nothing',
  'next-profiling',
  'without attribution',
  '@sentry/profiling-node',
  'dd-trace',
  '@pyroscope/nodejs',
] as const;

export type Contender = (typeof CONTENDERS)[number];

/** What is installed for those that the project does not depend on. */
export const RIVALS = { 'dd-trace': '6.21.0', '@pyroscope/nodejs': '0.6.4' } as const;

export type Rival = keyof typeof RIVALS;

export const isRival = (contender: Contender): contender is Rival => contender in RIVALS;

/** As the report names them. */
export const TITLES: Readonly<Record<Contender, string>> = {
  nothing: 'no profiler',
  'next-profiling': 'next-profiling',
  'without attribution': "`attribution: 'off'`",
  '@sentry/profiling-node': '`@sentry/profiling-node` 11.1.0',
  'dd-trace': `\`dd-trace\` ${RIVALS['dd-trace']}`,
  '@pyroscope/nodejs': `\`@pyroscope/nodejs\` ${RIVALS['@pyroscope/nodejs']}`,
};
