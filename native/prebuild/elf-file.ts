/** Structures and numbers of elf(5), 64 bits, little-endian. */
const SECTION = { dynamic: 6, dynsym: 11, versionNeeds: 0x6ffffffe, versions: 0x6fffffff } as const;
const TAG = { end: 0, needed: 1, flags1: 0x6ffffffb } as const;
const NO_DELETE = 0x8;
const ARCHS: Record<number, string> = { 62: 'x64', 183: 'arm64' };
const SYMBOL_BYTES = 24;

export interface ElfFile {
  readonly arch: string;
  readonly needed: readonly string[];
  readonly imports: readonly { readonly name: string; readonly version?: string }[];
  readonly exports: ReadonlySet<string>;
  readonly staysLoaded: boolean;
}

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
}

export function isElf(bytes: Buffer): boolean {
  return bytes.length > 64 && bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1;
}

export function readElf(bytes: Buffer): ElfFile {
  const machine = bytes.readUInt16LE(0x12);
  const sections = readSections(bytes);
  const find = (type: number): Section | undefined => sections.find((section) => section.type === type);
  const stringsOf = (section: Section): number => sections[section.link]?.offset ?? 0;

  const dynamic = find(SECTION.dynamic);
  const symbols = find(SECTION.dynsym);
  if (dynamic === undefined || symbols === undefined) throw new Error('no dynamic section');
  const entries = readDynamic(bytes, dynamic);
  return {
    arch: ARCHS[machine] ?? `ELF machine ${machine}`,
    needed: entries.filter(({ tag }) => tag === TAG.needed).map(({ value }) => text(bytes, stringsOf(dynamic) + value)),
    staysLoaded: entries.some(({ tag, value }) => tag === TAG.flags1 && (value & NO_DELETE) !== 0),
    ...readSymbols(bytes, symbols, stringsOf(symbols), find(SECTION.versions), readVersions(bytes, sections)),
  };
}

function readSections(bytes: Buffer): Section[] {
  const start = Number(bytes.readBigUInt64LE(0x28));
  const entryBytes = bytes.readUInt16LE(0x3a);
  const count = bytes.readUInt16LE(0x3c);
  if (bytes.length < start + count * entryBytes) throw new Error(`truncated: ${bytes.length} bytes`);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * entryBytes;
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 0x18)),
      size: Number(bytes.readBigUInt64LE(at + 0x20)),
      link: bytes.readUInt32LE(at + 0x28),
      info: bytes.readUInt32LE(at + 0x2c),
    };
  });
}

function readDynamic(bytes: Buffer, section: Section): { tag: number; value: number }[] {
  const entries = [];
  for (let at = section.offset; at < section.offset + section.size; at += 16) {
    const tag = Number(bytes.readBigUInt64LE(at));
    if (tag === TAG.end) break;
    entries.push({ tag, value: Number(bytes.readBigUInt64LE(at + 8)) });
  }
  return entries;
}

function readSymbols(
  bytes: Buffer,
  table: Section,
  strings: number,
  versions: Section | undefined,
  versionNames: ReadonlyMap<number, string>,
): Pick<ElfFile, 'imports' | 'exports'> {
  const imports: { name: string; version?: string }[] = [];
  const exports = new Set<string>();
  // The first symbol is always empty.
  for (let index = 1; index < table.size / SYMBOL_BYTES; index++) {
    const at = table.offset + index * SYMBOL_BYTES;
    const name = text(bytes, strings + bytes.readUInt32LE(at));
    if (bytes.readUInt16LE(at + 6) !== 0) {
      exports.add(name);
      continue;
    }
    const isWeak = (bytes[at + 4] as number) >> 4 === 2;
    const version = versions && versionNames.get(bytes.readUInt16LE(versions.offset + index * 2) & 0x7fff);
    // What is weak may be missing.
    if (!isWeak) imports.push(version === undefined ? { name } : { name, version });
  }
  return { imports, exports };
}

function readVersions(bytes: Buffer, sections: readonly Section[]): Map<number, string> {
  const names = new Map<number, string>();
  const needs = sections.find(({ type }) => type === SECTION.versionNeeds);
  if (needs === undefined) return names;
  const strings = sections[needs.link]?.offset ?? 0;
  for (let need = needs.offset, file = 0; file < needs.info; file++, need += bytes.readUInt32LE(need + 12)) {
    let version = need + bytes.readUInt32LE(need + 8);
    for (let left = bytes.readUInt16LE(need + 2); left > 0; left--, version += bytes.readUInt32LE(version + 12)) {
      names.set(bytes.readUInt16LE(version + 6), text(bytes, strings + bytes.readUInt32LE(version + 8)));
    }
  }
  return names;
}

function text(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, bytes.indexOf(0, at));
}
