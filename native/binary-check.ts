import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { win32 } from 'node:path';

const ELF_HEADER_BYTES = 64;
/** `e_machine` of the architectures that we build for. */
const ELF_MACHINES: Record<string, number> = { x64: 62, arm64: 183 };

/** What the addon is linked to on Windows: a library names the files that its functions are in. */
const WINDOWS_NODE = 'node.exe';

/**
 * What is wrong with the executable, if anything: under another name than the one that the addon takes Node's functions from,
 * Windows would look for that on the PATH, and load a second Node that was never started.
 */
export function executableProblem(platform: string, executable: string): string | undefined {
  const name = win32.basename(executable);
  if (platform !== 'win32' || name.toLowerCase() === WINDOWS_NODE) return undefined;
  return `this process runs ${name}, and the addon finds Node's functions in ${WINDOWS_NODE} alone`;
}

/**
 * Refuses a file that the system's loader must not map: a truncated library raises SIGBUS when it is touched, long
 * after dlopen() has answered. Other formats than ELF are left to the loader.
 * Layout: the `Elf64_Ehdr` of elf(5).
 */
export function checkBinary(file: string, arch: string): void {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const header = Buffer.alloc(ELF_HEADER_BYTES);
    const read = readSync(descriptor, header, 0, ELF_HEADER_BYTES, 0);
    if (process.platform !== 'linux') return;
    if (read < ELF_HEADER_BYTES || header.readUInt32BE(0) !== 0x7f454c46) throw new Error('not an ELF file');
    const machine = header.readUInt16LE(0x12);
    if (machine !== ELF_MACHINES[arch]) throw new Error(`ELF machine ${machine}, this process is ${arch}`);
    // The section headers are the last thing in the file.
    const needed = Number(header.readBigUInt64LE(0x28)) + header.readUInt16LE(0x3a) * header.readUInt16LE(0x3c);
    if (size < needed) throw new Error(`truncated: ${size} of ${needed} bytes`);
  } finally {
    closeSync(descriptor);
  }
}
