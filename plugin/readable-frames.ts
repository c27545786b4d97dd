import type { NextConfig } from 'next';

/**
 * Keeps the names of functions in the server's code. Both bundlers shorten them by default, a sampled stack then says
 * `r`, and Turbopack's source maps hold no names to undo it with. Server code is never downloaded: the price is disk
 * (about a quarter more), not latency. Whoever has set either option themselves keeps what they set.
 */
export function readableFrames({ experimental = {} }: NextConfig): NonNullable<NextConfig['experimental']> {
  const chosen = experimental.serverMinification !== undefined || experimental.turbopackMinify !== undefined;
  return chosen ? {} : { serverMinification: false };
}
