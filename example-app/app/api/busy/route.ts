import { burnCpu } from './burn-cpu';

export const dynamic = 'force-dynamic';

/** `?ms=N`: keeps the CPU busy for N milliseconds, 0 to 5000. */
export async function GET(request: Request) {
  const text = new URL(request.url).searchParams.get('ms') ?? '';
  const ms = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(ms <= 5_000)) {
    return Response.json(
      { error: `ms is '${text.slice(0, 20)}'; allowed: an integer from 0 to 5000` },
      { status: 400 },
    );
  }
  return Response.json({ ms, primes: burnCpu(ms) });
}
