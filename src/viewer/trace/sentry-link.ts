/** An address that the collector was configured with, if a link may lead there: nothing but the web. */
export function sentryTraceHref(address: string | null): string | null {
  if (address === null || !URL.canParse(address)) return null;
  const { protocol, href } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}
