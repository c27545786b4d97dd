import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkEncoding } from '../envelope/content-encoding.ts';
import { ProfilingError } from '../errors.ts';
import { maySend, sentryKey } from './access.ts';
import { answerJson, HttpError, statusOf } from './answers.ts';
import type { ErrorAnswer } from './api-types.ts';
import { readBody } from './request-body.ts';
import type { Service } from './service.ts';

/** Sentry's ingest: checks the sender, unpacks the body and says what became of it. */
export async function takeEnvelope(
  { ingest, token, maxWireBytes, maxBodyBytes }: Service,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  project: string,
): Promise<void> {
  try {
    const key = sentryKey(request, url);
    if (key === undefined) {
      throw new HttpError(
        401,
        'no sentry_key in X-Sentry-Auth or in the query; send to a DSN like http://public@HOST:PORT/1',
      );
    }
    if (!maySend(key, token)) throw new HttpError(403, "the DSN's public key must be this collector's token");
    const encoding = request.headers['content-encoding'];
    checkEncoding(encoding);
    const body = await readBody(request, maxWireBytes);
    const { status, answer } = await ingest.take({ projectId: project, body, encoding, maxBodyBytes });
    if (status === 200) return answerJson(response, 200, answer);
    const causes = (answer.refused ?? []).map(
      ({ item, type, reason, detail }) => `item ${item} (${type}): ${reason}: ${detail}`,
    );
    answerJson(response, status, { detail: answer.refused?.[0]?.reason ?? 'refused', causes } satisfies ErrorAnswer);
  } catch (error) {
    ingest.countFailure(error instanceof ProfilingError ? error.code : `HTTP_${statusOf(error)}`);
    throw error;
  }
}
