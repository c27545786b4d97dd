import type { NextConfig } from 'next';

/**
 * Keeps the names of functions in the server's code. Both bundlers shorten them by default, a sampled stack then says
 * `r`, and Turbopack's source maps hold no names to undo it with. The price is about a quarter more of server code on
 * disk, which is read at start-up. Whoever has set either option themselves keeps what they set.
 */
export function readableFrames({ experimental = {} }: NextConfig): NonNullable<NextConfig['experimental']> {
  const chosen = experimental.serverMinification !== undefined || experimental.turbopackMinify !== undefined;
  return chosen ? {} : { serverMinification: false };
}
