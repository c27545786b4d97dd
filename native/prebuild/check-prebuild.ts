import type { Target } from '../target.ts';
import { type LibraryFile, readLibrary } from './library-file.ts';
import { OLDEST_GLIBC, OLDEST_MACOS } from './recipe.ts';

const MOST_BYTES = 300 * 1024;
export const MOST_BYTES_TOGETHER = 1.2 * 1024 * 1024;
/** Where Node looks for what it has to call. */
const ENTRY = 'napi_register_module_v1';
const ENTRIES = [ENTRY, 'node_api_module_get_api_version_v1'];
const NODE_API = /^(napi|node_api)_/;
const FORMATS: Record<string, LibraryFile['format']> = { linux: 'elf', darwin: 'mach-o', win32: 'pe' };
/** Libraries that every system of the target has; the C++ runtime is none of them. */
const SYSTEM_LIBRARIES: Record<string, RegExp> = {
  glibc: /^(libc\.so\.6|libm\.so\.6|libdl\.so\.2|libpthread\.so\.0|ld-linux-(x86-64|aarch64)\.so\.[12])$/,
  musl: /^libc\.so$/,
  win32: /^(kernel32\.dll|msvcrt\.dll|node\.exe)$/i,
  darwin: /^\/usr\/lib\/libSystem\.B\.dylib$/,
};

/** What is wrong with a binary for a target, as sentences; none if nothing is. */
export function problemsOf(bytes: Buffer, target: Target): string[] {
  let library: LibraryFile;
  try {
    library = readLibrary(bytes);
  } catch (error) {
    return [String(error)];
  }
  const [platform = '', arch = '', libc = platform] = target.split('-');
  const format = FORMATS[platform];
  const problems: string[] = [];
  const expect = (what: string, isRight: boolean): void => void (isRight || problems.push(what));
  expect(`format ${library.format} instead of ${format}`, library.format === format);
  expect(`architecture ${library.arch} instead of ${arch}`, library.arch === arch);
  expect(`${bytes.length} bytes, more than ${MOST_BYTES}`, bytes.length <= MOST_BYTES);
  const foreign = library.needed.filter((name) => !SYSTEM_LIBRARIES[libc]?.test(name));
  expect(`needs ${foreign.join(', ')}`, foreign.length === 0);
  expect(`exports ${[...library.exports].join(', ')}`, hasOnly(library.exports, ENTRIES));
  expect('no entry for Node', library.exports.has(ENTRY));
  const cpp = library.imports.filter(({ name }) => /^(_Z|\?)/.test(name)).map(({ name }) => name);
  expect(`leaves C++ symbols to others: ${cpp.join(', ')}`, cpp.length === 0);
  expect('uses nothing of Node', nodeApiOf(library).length > 0);
  if (library.format === 'elf') problems.push(...elfProblems(library, libc));
  if (library.format === 'mach-o') problems.push(...machOProblems(library));
  if (library.format === 'pe') problems.push(...peProblems(library));
  return problems;
}

/** The functions that the Node of the target must have. */
export function nodeApiOf(library: LibraryFile): string[] {
  return library.imports.map(({ name }) => name).filter((name) => NODE_API.test(name));
}

function elfProblems({ imports, staysLoaded }: LibraryFile, libc: string): string[] {
  const versions = [...new Set(imports.flatMap(({ version }) => version ?? []))];
  const problems = staysLoaded ? [] : ['can be unloaded, while a signal may still be on its way to it'];
  if (libc !== 'glibc') return versions.length === 0 ? problems : [...problems, `asks for versions of glibc`];
  const tooNew = versions.filter(isTooNew);
  if (tooNew.length > 0) problems.push(`needs ${tooNew.join(', ')}; the floor is glibc ${OLDEST_GLIBC}`);
  if (versions.length === 0) problems.push('asks for no version of glibc');
  return problems;
}

function machOProblems({ arch, signed, minimumOs, imports }: LibraryFile): string[] {
  const elsewhere = imports.filter(({ name, isFromAnywhere }) => NODE_API.test(name) && !isFromAnywhere);
  return [
    ...(elsewhere.length === 0 ? [] : [`looks for ${elsewhere[0]?.name} in a library instead of in Node`]),
    ...(signed || arch !== 'arm64' ? [] : ['not signed: an arm64 Mac refuses it']),
    ...(minimumOs === OLDEST_MACOS ? [] : [`for macOS ${minimumOs} and newer instead of ${OLDEST_MACOS}`]),
  ];
}

function peProblems({ imports, isLibrary, isHardened }: LibraryFile): string[] {
  const misplaced = imports.filter(({ name, from }) => NODE_API.test(name) !== /^node\.exe$/i.test(from ?? ''));
  return [
    ...(misplaced.length === 0 ? [] : [`looks for ${misplaced[0]?.name} in ${misplaced[0]?.from}`]),
    ...(isLibrary ? [] : ['no library']),
    ...(isHardened ? [] : ['wants an address of its own, or runs data']),
  ];
}

function isTooNew(version: string): boolean {
  const [, major = 0, minor = 0] = /^GLIBC_(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [0, 99];
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_GLIBC.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor > oldestMinor);
}

function hasOnly(found: ReadonlySet<string>, allowed: readonly string[]): boolean {
  return [...found].every((name) => allowed.includes(name));
}
