import { withProfiling } from 'next-profiling/plugin';

export default withProfiling({ output: 'standalone' });
