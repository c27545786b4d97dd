import { isElf, readElf } from './elf-file.ts';
import { isMachO, readMachO } from './mach-o-file.ts';
import { isPe, readPe } from './pe-file.ts';

export interface ImportedSymbol {
  readonly name: string;
  /** ELF: the version that is asked for, if any. */
  readonly version?: string;
  /** Mach-O: whether the executable may define it, and not one named library alone. */
  readonly isFromAnywhere?: boolean;
  /** PE: the file that has to define it. */
  readonly from?: string;
}

/** What a library or an executable says of itself. */
export interface LibraryFile {
  readonly format: 'elf' | 'mach-o' | 'pe';
  /** As Node names it; the number if it is none that we build for. */
  readonly arch: string;
  /** Libraries that the loader must find. */
  readonly needed: readonly string[];
  /** Symbols that somebody else has to define. */
  readonly imports: readonly ImportedSymbol[];
  /** Symbols that others can find. */
  readonly exports: ReadonlySet<string>;
  /** ELF: whether `dlclose()` leaves it in memory. */
  readonly staysLoaded?: boolean;
  /** Mach-O: the oldest macOS, and whether it carries a signature, without which an arm64 Mac refuses it. */
  readonly minimumOs?: string;
  readonly signed?: boolean;
  /** PE: whether it is a library, and one that any address will do for, without data that can be run. */
  readonly isLibrary?: boolean;
  readonly isHardened?: boolean;
}

/** Reads the headers and symbols of a file for any platform. Throws if it is not one, or is cut off. */
export function readLibrary(bytes: Buffer): LibraryFile {
  if (isElf(bytes)) return { format: 'elf', ...readElf(bytes) };
  if (isMachO(bytes)) return { format: 'mach-o', ...readMachO(bytes) };
  if (isPe(bytes)) return { format: 'pe', ...readPe(bytes) };
  throw new Error('neither ELF, Mach-O nor PE, of 64 bits and little-endian');
}
