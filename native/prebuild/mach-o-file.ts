/** Structures and numbers of <mach-o/loader.h> and <mach-o/nlist.h>, 64 bits, little-endian. */
const MAGIC = 0xfeedfacf;
const HEADER_BYTES = 32;
const COMMAND = { symbols: 0x2, dylib: 0xc, signature: 0x1d, minimumOs: 0x24, buildVersion: 0x32 } as const;
const ARCHS: Record<number, string> = { 16777223: 'x64', 16777228: 'arm64' };
const SYMBOL = { bytes: 16, debugging: 0xe0, hidden: 0x10, type: 0x0e, external: 0x01, undefined: 0 } as const;
/** In place of the library that a symbol is to be found in: any that is loaded, the executable too. */
const ANY_LIBRARY = 0xfe;

export interface MachOFile {
  readonly arch: string;
  readonly needed: readonly string[];
  readonly imports: readonly { readonly name: string; readonly isFromAnywhere: boolean }[];
  readonly exports: ReadonlySet<string>;
  readonly minimumOs: string;
  readonly signed: boolean;
}

export function isMachO(bytes: Buffer): boolean {
  return bytes.length > HEADER_BYTES && bytes.readUInt32LE(0) === MAGIC;
}

export function readMachO(bytes: Buffer): MachOFile {
  const cpu = bytes.readUInt32LE(4);
  const needed: string[] = [];
  const imports: { name: string; isFromAnywhere: boolean }[] = [];
  const exports = new Set<string>();
  let minimumOs = '';
  let signed = false;
  let at = HEADER_BYTES;
  for (let left = bytes.readUInt32LE(16); left > 0; left--, at += bytes.readUInt32LE(at + 4)) {
    switch (bytes.readUInt32LE(at) & 0x7fffffff) {
      case COMMAND.symbols:
        for (const { name, isDefined, isFromAnywhere } of readSymbols(bytes, at)) {
          if (isDefined) exports.add(name);
          else imports.push({ name, isFromAnywhere });
        }
        break;
      case COMMAND.dylib:
        needed.push(text(bytes, at + bytes.readUInt32LE(at + 8)));
        break;
      case COMMAND.signature:
        signed = true;
        break;
      case COMMAND.minimumOs:
        minimumOs = versionText(bytes.readUInt32LE(at + 8));
        break;
      case COMMAND.buildVersion:
        minimumOs = versionText(bytes.readUInt32LE(at + 12));
        break;
    }
  }
  return { arch: ARCHS[cpu] ?? `Mach-O CPU ${cpu}`, needed, imports, exports, minimumOs, signed };
}

/** External symbols. The compiler puts an underscore before C's names, which `dlsym()` does without. */
function readSymbols(bytes: Buffer, command: number): { name: string; isDefined: boolean; isFromAnywhere: boolean }[] {
  const table = bytes.readUInt32LE(command + 8);
  const strings = bytes.readUInt32LE(command + 16);
  const symbols = [];
  for (let index = 0; index < bytes.readUInt32LE(command + 12); index++) {
    const at = table + index * SYMBOL.bytes;
    const type = bytes[at + 4] as number;
    if ((type & SYMBOL.debugging) !== 0 || (type & SYMBOL.external) === 0 || (type & SYMBOL.hidden) !== 0) continue;
    const name = text(bytes, strings + bytes.readUInt32LE(at)).replace(/^_/, '');
    const isFromAnywhere = bytes.readUInt16LE(at + 6) >>> 8 === ANY_LIBRARY;
    symbols.push({ name, isDefined: (type & SYMBOL.type) !== SYMBOL.undefined, isFromAnywhere });
  }
  return symbols;
}

function versionText(packed: number): string {
  return `${packed >>> 16}.${(packed >>> 8) & 0xff}`;
}

function text(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, bytes.indexOf(0, at));
}
