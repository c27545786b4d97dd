export type { PluginOptions } from './options.ts';
export { withProfiling } from './with-profiling.ts';
