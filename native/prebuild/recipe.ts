import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../target.ts';

/** The oldest systems that the binaries run on: those of Node 20's own. */
export const OLDEST_GLIBC = '2.28';
export const OLDEST_MACOS = '11.0';

/** What zig calls the targets. */
export const ZIG_TARGETS: Record<Target, string> = {
  'linux-x64-glibc': `x86_64-linux-gnu.${OLDEST_GLIBC}`,
  'linux-x64-musl': 'x86_64-linux-musl',
  'linux-arm64-glibc': `aarch64-linux-gnu.${OLDEST_GLIBC}`,
  'linux-arm64-musl': 'aarch64-linux-musl',
  'darwin-arm64': `aarch64-macos.${OLDEST_MACOS}`,
  'darwin-x64': `x86_64-macos.${OLDEST_MACOS}`,
  'win32-x64': 'x86_64-windows-gnu',
  'win32-arm64': 'aarch64-windows-gnu',
};

export const PREBUILT_TARGETS = Object.keys(ZIG_TARGETS) as Target[];

/**
 * What we use of the C++ runtime, compiled from zig's copy of its sources: the ready-made library brings exceptions and
 * a demangler, two thirds of the file.
 */
export const RUNTIME_SOURCES = [
  'libcxx/src/hash.cpp',
  'libcxx/src/new_handler.cpp',
  'libcxx/src/new_helpers.cpp',
  'libcxx/src/string.cpp',
  'libcxx/src/verbose_abort.cpp',
  'libcxxabi/src/abort_message.cpp',
  'libcxxabi/src/cxa_virtual.cpp',
  'libcxxabi/src/stdlib_new_delete.cpp',
] as const;

interface Gyp {
  targets: [{ sources: string[]; defines: string[]; conditions: [[string, GypPart, GypPart]] }];
}

interface GypPart {
  sources: string[];
}

/** The recipe that node-gyp builds by is the one list of our sources. */
const gyp = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'binding.gyp'), 'utf8')) as Gyp;
const [{ sources: SOURCES, defines: DEFINES, conditions }] = gyp.targets;
const [[, WINDOWS, POSIX]] = conditions;

const isWindows = (target: Target): boolean => target.startsWith('win32');

export function sourcesOf(target: Target): string[] {
  return [...SOURCES, ...(isWindows(target) ? WINDOWS : POSIX).sources];
}

const COMMON_FLAGS = [
  ...['-O2', '-g0', '-fPIC', '-Wall', '-Wextra', '-fno-exceptions', '-fno-rtti'],
  ...['-fvisibility=hidden', '-fvisibility-inlines-hidden', '-ffunction-sections', '-fdata-sections'],
  // `operator new` is global by default, and Node exports one, too: ours must be neither found nor replaced.
  '-fvisibility-global-new-delete-hidden',
];

const RUNTIME_DEFINES = [
  ...['_LIBCPP_BUILDING_LIBRARY', '_LIBCXXABI_BUILDING_LIBRARY'],
  ...['_LIBCPP_DISABLE_VISIBILITY_ANNOTATIONS', '_LIBCXXABI_DISABLE_VISIBILITY_ANNOTATIONS'],
];

/** Arguments that compile one of our sources. */
export function sourceFlags(headers: readonly string[]): string[] {
  const defines = DEFINES.map((define) => `-D${define}`);
  return [...COMMON_FLAGS, '-std=c++17', ...defines, ...headers.flatMap((folder) => ['-isystem', folder])];
}

/** Arguments that compile one of the runtime's. */
export function runtimeFlags(library: string): string[] {
  const headers = ['libcxx/src', 'libcxxabi/include'].map((folder) => `-I${join(library, folder)}`);
  return [...COMMON_FLAGS, '-std=c++20', '-w', ...RUNTIME_DEFINES.map((define) => `-D${define}`), ...headers];
}

/** What zig is told to make `output` of a list of Node's functions, where the linker has to know whose they are. */
export function importCommand(target: Target, list: string, output: string): string[] | null {
  if (!isWindows(target)) return null;
  const machine = target.endsWith('arm64') ? 'arm64' : 'i386:x86-64';
  return ['dlltool', '-m', machine, '-D', 'node.exe', '-d', list, '-l', output];
}

/** What zig is told to link objects with. Node's own functions are found in the running executable. */
export function linkCommand(target: Target, objects: readonly string[], output: string): string[] {
  const triple = ['-target', ZIG_TARGETS[target]];
  if (isWindows(target)) return ['c++', ...triple, '-shared', '-nostdlib++', '-s', '-o', output, ...objects];
  if (target.startsWith('darwin')) {
    // `zig c++` would add and export a whole compiler runtime there, which macOS has itself.
    const flags = ['-dynamic', '-fno-compiler-rt', '-fstrip', '-fallow-shlib-undefined', '-lc'];
    return ['build-lib', ...triple, ...flags, `-femit-bin=${output}`, ...objects];
  }
  // The list of exports hides what the C library adds, too.
  const exported = `-Wl,--version-script=${join(import.meta.dirname, 'exports.map')}`;
  const flags = [
    '-shared',
    '-nostdlib++',
    '-s',
    exported,
    '-Wl,--gc-sections',
    '-Wl,-z,nodelete',
    '-Wl,--build-id=none',
  ];
  return ['c++', ...triple, ...flags, '-o', output, ...objects];
}
