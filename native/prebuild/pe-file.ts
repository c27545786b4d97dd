/** Structures and numbers of Microsoft's "PE Format", 64 bits. */
const PE_OFFSET_AT = 0x3c;
const PE_MAGIC = 0x00004550;
const OPTIONAL_MAGIC = 0x20b;
const HEADER_BYTES = 24;
const SECTION_BYTES = 40;
const IMPORT_BYTES = 20;
const DIRECTORY = { exports: 0, imports: 1 } as const;
const IS_LIBRARY = 0x2000;
const CHARACTERISTICS = { anyAddress: 0x40, noExecution: 0x100 } as const;
const ARCHS: Record<number, string> = { 34404: 'x64', 43620: 'arm64' };

export interface PeFile {
  readonly arch: string;
  readonly needed: readonly string[];
  readonly imports: readonly { readonly name: string; readonly from: string }[];
  readonly exports: ReadonlySet<string>;
  readonly isLibrary: boolean;
  readonly isHardened: boolean;
}

interface Section {
  readonly address: number;
  readonly size: number;
  readonly offset: number;
}

export function isPe(bytes: Buffer): boolean {
  if (bytes.length < 0x40 || bytes.readUInt16BE(0) !== 0x4d5a) return false;
  const at = bytes.readUInt32LE(PE_OFFSET_AT);
  return bytes.length >= at + HEADER_BYTES + 2 && bytes.readUInt32LE(at) === PE_MAGIC;
}

export function readPe(bytes: Buffer): PeFile {
  const header = bytes.readUInt32LE(PE_OFFSET_AT);
  const optional = header + HEADER_BYTES;
  if (bytes.readUInt16LE(optional) !== OPTIONAL_MAGIC) throw new Error('PE of 32 bits');
  const machine = bytes.readUInt16LE(header + 4);
  const characteristics = bytes.readUInt16LE(optional + 70);
  const has = (flag: number): boolean => (characteristics & flag) !== 0;
  const sections = readSections(bytes, header);
  const directory = (index: number): number => bytes.readUInt32LE(optional + 112 + index * 8);
  const imports = readImports(bytes, sections, directory(DIRECTORY.imports));
  return {
    arch: ARCHS[machine] ?? `PE machine ${machine}`,
    needed: [...new Set(imports.map(({ from }) => from))],
    imports,
    exports: readExports(bytes, sections, directory(DIRECTORY.exports)),
    isLibrary: (bytes.readUInt16LE(header + 22) & IS_LIBRARY) !== 0,
    isHardened: has(CHARACTERISTICS.anyAddress) && has(CHARACTERISTICS.noExecution),
  };
}

/** Takes out the time at which it was linked, which no loader reads. */
export function withoutLinkTime(bytes: Buffer): Buffer {
  const timeless = Buffer.from(bytes);
  timeless.writeUInt32LE(0, bytes.readUInt32LE(PE_OFFSET_AT) + 8);
  return timeless;
}

function readSections(bytes: Buffer, header: number): Section[] {
  const start = header + HEADER_BYTES + bytes.readUInt16LE(header + 20);
  return Array.from({ length: bytes.readUInt16LE(header + 6) }, (_, index) => {
    const at = start + index * SECTION_BYTES;
    const section = {
      address: bytes.readUInt32LE(at + 12),
      size: bytes.readUInt32LE(at + 16),
      offset: bytes.readUInt32LE(at + 20),
    };
    if (bytes.length < section.offset + section.size) throw new Error(`truncated: ${bytes.length} bytes`);
    return section;
  });
}

function readImports(bytes: Buffer, sections: readonly Section[], table: number): { name: string; from: string }[] {
  const imports: { name: string; from: string }[] = [];
  if (table === 0) return imports;
  for (let at = offsetOf(sections, table); bytes.readUInt32LE(at) !== 0; at += IMPORT_BYTES) {
    const from = text(bytes, offsetOf(sections, bytes.readUInt32LE(at + 12)));
    for (let entry = offsetOf(sections, bytes.readUInt32LE(at)); ; entry += 8) {
      const value = bytes.readBigUInt64LE(entry);
      if (value === 0n) break;
      const isNumber = value >> 63n === 1n;
      // A name follows its hint, two bytes.
      const name = isNumber ? `#${value & 0xffffn}` : text(bytes, offsetOf(sections, Number(value)) + 2);
      imports.push({ name, from });
    }
  }
  return imports;
}

function readExports(bytes: Buffer, sections: readonly Section[], table: number): Set<string> {
  const names = new Set<string>();
  if (table === 0) return names;
  const at = offsetOf(sections, table);
  const list = offsetOf(sections, bytes.readUInt32LE(at + 32));
  for (let index = 0; index < bytes.readUInt32LE(at + 24); index++) {
    names.add(text(bytes, offsetOf(sections, bytes.readUInt32LE(list + index * 4))));
  }
  return names;
}

/** Where in the file that is which the loader puts at an address. */
function offsetOf(sections: readonly Section[], address: number): number {
  const section = sections.find((at) => address >= at.address && address < at.address + at.size);
  if (section === undefined) throw new Error(`no section holds address ${address}`);
  return address - section.address + section.offset;
}

function text(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, bytes.indexOf(0, at));
}
