import type { SentryClient } from '../engine.ts';

/** What the SDK lets change before it decides on a root span: SDK 10 reads the second, 11 the first. */
interface SamplingData {
  spanAttributes?: Record<string, unknown>;
  parentSampled?: boolean | undefined;
}
interface SamplingDecision {
  decision: boolean;
}

/** Sentry's ingest, wherever it is mounted. */
const ENVELOPE_PATH = /\/api\/\d+\/envelope\/?$/;
/** Where SDKs of different versions say what was asked for. */
const URL_ATTRIBUTES = ['url.full', 'http.url', 'url.path', 'http.target', 'http.route'] as const;

/**
 * Leaves requests untraced that bring envelopes to this very process, as where it is its own ingest or tunnel: the trace of
 * such a request is an envelope again, and with a profile two, without an end.
 */
export function leaveEnvelopesUntraced(client: SentryClient): void {
  const { tunnel } = client.getOptions();
  const tunnelPath = tunnel === undefined ? undefined : pathOf(tunnel);
  const bringsEnvelope = (url: unknown): boolean => {
    // Asked for every request: without a tunnel few are worth parsing.
    if (typeof url !== 'string' || (tunnelPath === undefined && !url.includes('envelope'))) return false;
    const path = pathOf(url);
    return ENVELOPE_PATH.test(path) || path === tunnelPath;
  };
  client.on('beforeSampling', (data: SamplingData, decision: SamplingDecision) => {
    if (!URL_ATTRIBUTES.some((name) => bringsEnvelope(data.spanAttributes?.[name]))) return;
    data.parentSampled = false;
    decision.decision = false;
  });
}

function pathOf(url: string): string {
  return URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost').pathname : '';
}
