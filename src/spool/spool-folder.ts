import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Envelopes that wait to be sent, and such as some process is sending. */
const WAITING = '.envelope';
const CLAIMED = '.claimed';
/** A file that is not whole yet. */
const UNFINISHED = '.unfinished';

/** A folder that nobody reads must not grow for ever. */
const MOST_AGE_MS = 24 * 60 * 60 * 1000;
const MOST_BYTES = 32 * 1024 * 1024;
/** Whoever claimed a file that long ago has died while sending it. */
const CLAIM_AGE_MS = 10 * 60 * 1000;

interface SpooledFile {
  readonly path: string;
  readonly bytes: number;
  /** By its name. */
  readonly writtenMs: number;
  /** When it got its present name: a rename changes no other time of a file. */
  readonly renamedMs: number;
}

/** False if another process was faster. */
function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** One envelope that this process alone may send. */
export interface ClaimedEnvelope {
  readonly bytes: Uint8Array;
  /** It was sent, or will never be: forget it. */
  remove(): void;
  /** It could not be sent: leave it to whoever comes next. */
  release(): void;
}

/**
 * A folder in which a process that ends leaves envelopes to the next one. Several processes may share it: a file
 * appears whole or not at all, and is sent by the one that renames it first. Methods throw what the file system throws.
 */
export class SpoolFolder {
  readonly path: string;
  #written = 0;
  /** What waited when this process first wrote, oldest first, and what it has written since. */
  #waiting: Pick<SpooledFile, 'path' | 'bytes'>[] | undefined;
  #waitingBytes = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Synchronous, since it is called where nothing else works. The oldest files make room. */
  write(envelope: Uint8Array): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    this.#makeRoom(envelope.byteLength);
    const name = `${Date.now()}-${process.pid}-${this.#written++}`;
    const unfinished = join(this.path, name + UNFINISHED);
    const path = join(this.path, name + WAITING);
    try {
      // Profiles hold names of files and functions: for this user only.
      writeFileSync(unfinished, envelope, { mode: 0o600, flag: 'wx' });
      renameSync(unfinished, path);
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
    this.#waiting?.push({ path, bytes: envelope.byteLength });
    this.#waitingBytes += envelope.byteLength;
  }

  /** The oldest envelope that nobody else has claimed. */
  claim(): ClaimedEnvelope | undefined {
    this.#releaseForgotten();
    for (const { path } of this.#files(WAITING)) {
      const claimed = path.slice(0, -WAITING.length) + CLAIMED;
      if (!rename(path, claimed)) continue;
      return {
        bytes: readFileSync(claimed),
        remove: () => rmSync(claimed, { force: true }),
        release: () => void rename(claimed, path),
      };
    }
    return undefined;
  }

  #makeRoom(neededBytes: number): void {
    this.#waiting ??= this.#youngFiles();
    while (this.#waitingBytes + neededBytes > MOST_BYTES) {
      const oldest = this.#waiting.shift();
      if (oldest === undefined) return;
      rmSync(oldest.path, { force: true });
      this.#waitingBytes -= oldest.bytes;
    }
  }

  /** What waits, without what is too old: that is removed. */
  #youngFiles(): SpooledFile[] {
    const oldestMs = Date.now() - MOST_AGE_MS;
    for (const { path, renamedMs } of this.#files(UNFINISHED)) if (renamedMs < oldestMs) rmSync(path, { force: true });
    const files = this.#files(WAITING);
    for (const { path, writtenMs } of files) if (writtenMs < oldestMs) rmSync(path, { force: true });
    const young = files.filter(({ writtenMs }) => writtenMs >= oldestMs);
    this.#waitingBytes = young.reduce((sum, { bytes }) => sum + bytes, 0);
    return young;
  }

  #releaseForgotten(): void {
    for (const { path, renamedMs } of this.#files(CLAIMED)) {
      if (renamedMs < Date.now() - CLAIM_AGE_MS) rename(path, path.slice(0, -CLAIMED.length) + WAITING);
    }
  }

  /** Oldest first. */
  #files(ending: string): SpooledFile[] {
    const files: SpooledFile[] = [];
    for (const name of this.#names()) {
      const path = join(this.path, name);
      const stat = name.endsWith(ending) ? statSync(path, { throwIfNoEntry: false }) : undefined;
      if (stat?.isFile()) {
        files.push({ path, bytes: stat.size, writtenMs: Number.parseInt(name, 10), renamedMs: stat.ctimeMs });
      }
    }
    return files;
  }

  #names(): string[] {
    try {
      return readdirSync(this.path).sort();
    } catch {
      return []; // Nothing was ever spooled.
    }
  }
}
