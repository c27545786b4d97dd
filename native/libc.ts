import { closeSync, openSync, readSync } from 'node:fs';

const ELF_MAGIC = 0x7f454c46;
/** The type of the program header that names the loader. */
const INTERPRETER = 3;
const PROGRAM_HEADER_BYTES = 56;
/** The headers and the loader's name are within the first page. */
const READ_BYTES = 4096;

/**
 * The C library that an executable was linked against: it names the loader that it wants. Nothing else is asked, no
 * command is run and no report is written, since a server waits for the answer.
 *
 * @returns `undefined` if the file cannot be read or names no loader
 */
export function libcOf(executable: string): 'glibc' | 'musl' | undefined {
  try {
    const head = headOf(executable);
    if (head.readUInt32BE(0) !== ELF_MAGIC) return undefined;
    const headers = Number(head.readBigUInt64LE(0x20));
    const end = headers + head.readUInt16LE(0x38) * PROGRAM_HEADER_BYTES;
    for (let at = headers; at < end; at += PROGRAM_HEADER_BYTES) {
      if (head.readUInt32LE(at) !== INTERPRETER) continue;
      const start = Number(head.readBigUInt64LE(at + 0x08));
      const loader = head.toString('latin1', start, start + Number(head.readBigUInt64LE(at + 0x20)));
      return loader.includes('/ld-musl-') ? 'musl' : 'glibc';
    }
  } catch {
    // Unreadable, or none of ours.
  }
  return undefined;
}

function headOf(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(READ_BYTES);
    return head.subarray(0, readSync(descriptor, head, 0, READ_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}
