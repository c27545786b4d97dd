import type { IncomingMessage, ServerResponse } from 'node:http';
import { decodeBody } from '../envelope/content-encoding.ts';
import { FieldError } from '../profile/fields.ts';
import { answerJson, HttpError } from './answers.ts';
import type { ImportAnswer } from './api-profile-types.ts';
import { importProfile } from './import-profile.ts';
import { readBody } from './request-body.ts';
import type { Service } from './service.ts';

const GZIP = [0x1f, 0x8b];

/** `POST /api/v1/import?name=FILE`: stores the body, a profile of another tool, packed or not. */
export async function takeImport(
  { store, maxWireBytes, maxBodyBytes }: Service,
  request: IncomingMessage,
  response: ServerResponse,
  { searchParams }: URL,
): Promise<void> {
  const body = await readBody(request, maxWireBytes);
  const isPacked = GZIP.every((byte, index) => body[index] === byte);
  const bytes = isPacked ? await decodeBody(body, 'gzip', maxBodyBytes) : body;
  const name = (searchParams.get('name') ?? '').slice(0, 200) || 'imported profile';
  try {
    const answer: ImportAnswer = { session: await importProfile(store, bytes, name) };
    answerJson(response, 200, answer);
  } catch (error) {
    if (!(error instanceof FieldError || error instanceof SyntaxError)) throw error;
    throw new HttpError(400, `not a profile that can be imported: ${error.message}`);
  }
}
