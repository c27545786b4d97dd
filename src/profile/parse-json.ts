import { FieldError } from './fields.ts';

/** Profiles and spans need about ten. Deeper than some thousands, what was read cannot be written again. */
const DEEPEST = 200;

/** Throws `SyntaxError`, or `FieldError` for what is nested too deeply to be stored. */
export function parseJson(json: string): unknown {
  if (isTooDeep(json)) throw new FieldError(`payload must not be nested deeper than ${DEEPEST} levels`);
  return JSON.parse(json);
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];

function isTooDeep(json: string): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    // '[' and ']' differ from '{' and '}' by one bit.
    if ((code | 0x20) === 0x7b) depth += 1;
    else if ((code | 0x20) === 0x7d) depth -= 1;
    else if (code === QUOTE) at = endOfText(json, at);
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** Where the text that begins here ends. */
function endOfText(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return json.length;
}
