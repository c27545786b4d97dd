import { frameKind, framePath } from '../profile/frame-kind.ts';
import type { Frame, ProfileChunk } from '../profile/types.ts';
import { MapFolder } from './map-folder.ts';
import { MapProblem } from './map-problem.ts';
import { ParsedMap } from './parsed-map.ts';
import { Recent } from './recent.ts';

/** What became of the frames so far, each position counted once. */
export interface SymbolStatus {
  /** Where maps are looked for. */
  maps: string;
  resolved: number;
  /** Frames of scripts with a map that say nothing about this position: code that a bundler added. */
  unmapped: number;
  /** Frames whose map could not be used; they stay as they were built. */
  failed: number;
  /** Why, by script. */
  problems: Record<string, string>;
}

/** A function as it was resolved. */
export interface SourcePlace {
  name: string;
  file: string;
  /** 1-based, both. */
  line: number;
  column: number;
}

/** A parsed map takes about ten times its text; positions are remembered, so few maps are needed twice. */
const MAPS_KEPT = 3;
const FRAMES_KEPT = 50_000;
const PROBLEMS_KEPT = 100;
const SOURCES_KEPT = 10_000;

/** What the addon calls a function without a name. */
const ANONYMOUS = '<anonymous>';

/** Turns positions of built files into those of the sources, from maps that a build kept. */
export class Symbolicator {
  readonly #folder: MapFolder;
  readonly #maps = new Recent<string, ParsedMap | MapProblem>(MAPS_KEPT);
  readonly #frames = new Recent<string, Frame>(FRAMES_KEPT);
  /** By the path of a source, the map of it that was used last. */
  readonly #mapsBySource = new Recent<string, string>(SOURCES_KEPT);
  /** Debug ids of scripts whose map is not there. */
  readonly #lacking = new Set<string>();
  readonly #status: SymbolStatus;

  /** @param folder of `<debug id>.map` files; it need not be there */
  constructor(folder: string) {
    this.#folder = new MapFolder(folder);
    this.#status = { maps: folder, resolved: 0, unmapped: 0, failed: 0, problems: {} };
  }

  status(): SymbolStatus {
    return structuredClone(this.#status);
  }

  /** The same chunk with the frames of the sources; what has no map stays as it is. Never rejects for a map. */
  async resolve(chunk: ProfileChunk): Promise<ProfileChunk> {
    const debugIds = new Map<string, string>();
    for (const { code_file, debug_id } of chunk.debug_meta?.images ?? []) {
      if (code_file && debug_id) debugIds.set(framePath({ abs_path: code_file }), debug_id.toLowerCase());
    }
    if (debugIds.size === 0) return chunk;
    const frames = [...chunk.profile.frames];
    const rows = new Map<string, [index: number, frame: Frame][]>([...debugIds.keys()].map((script) => [script, []]));
    for (const row of frames.entries()) rows.get(framePath(row[1]))?.push(row);
    // Script by script: the maps of all of them are more than are kept.
    for (const [script, debugId] of debugIds) {
      for (const [index, frame] of rows.get(script) ?? []) frames[index] = await this.#resolveFrame(frame, debugId);
    }
    return { ...chunk, profile: { ...chunk.profile, frames } };
  }

  /** The text of the source that holds this function; `null` where no map that was used so far has it. Never rejects for a map. */
  async sourceOf(place: SourcePlace): Promise<string | null> {
    const debugId = this.#mapsBySource.get(place.file);
    const map = debugId === undefined ? undefined : await this.#mapOf(debugId);
    return map instanceof ParsedMap ? map.sourceOf(place) : null;
  }

  /** Debug ids of maps that were wanted and not there. */
  get lacking(): readonly string[] {
    return [...this.#lacking];
  }

  /** Whether one of these maps is there now. Then all frames are resolved anew. */
  async hasArrived(lacking: readonly string[]): Promise<boolean> {
    for (const debugId of lacking) {
      if (!(await this.#folder.has(debugId))) continue;
      this.#maps.clear();
      this.#frames.clear();
      this.#lacking.clear();
      return true;
    }
    return false;
  }

  async #resolveFrame(frame: Frame, debugId: string): Promise<Frame> {
    const { lineno, colno } = frame;
    if (lineno === undefined || colno === undefined) return frame;
    const key = JSON.stringify([debugId, lineno, colno, frame.function, frame.abs_path]);
    const known = this.#frames.get(key);
    if (known !== undefined) return known;
    const map = await this.#mapOf(debugId);
    const resolved =
      map instanceof MapProblem ? this.#note(frame, map) : this.#originalOf(frame, map, lineno, colno, debugId);
    this.#frames.set(key, resolved);
    return resolved;
  }

  #originalOf(frame: Frame, map: ParsedMap, line: number, column: number, debugId: string): Frame {
    const found = map.functionAt(line, column, frame.function ?? '');
    if (found === null) {
      this.#status.unmapped += 1;
      // What is in a bundle and in no source is the bundler's.
      return { ...frame, in_app: false };
    }
    this.#status.resolved += 1;
    this.#mapsBySource.set(found.file, debugId);
    const resolved: Frame = {
      function: found.name || ANONYMOUS,
      filename: found.file,
      abs_path: found.file,
      ...(found.line > 0 && { lineno: found.line, colno: found.column }),
    };
    return { ...resolved, in_app: frameKind(resolved) === 'app' };
  }

  #note(frame: Frame, { message }: MapProblem): Frame {
    const { problems } = this.#status;
    this.#status.failed += 1;
    if (Object.keys(problems).length < PROBLEMS_KEPT) problems[framePath(frame)] = message;
    return frame;
  }

  async #mapOf(debugId: string): Promise<ParsedMap | MapProblem> {
    const known = this.#maps.get(debugId);
    if (known !== undefined) return known;
    const map = await this.#folder
      .read(debugId)
      .then((text) => new ParsedMap(text))
      .catch((error: unknown) => {
        if (error instanceof MapProblem) return error;
        throw error;
      });
    if (map instanceof MapProblem && this.#lacking.size < PROBLEMS_KEPT && !(await this.#folder.has(debugId))) {
      this.#lacking.add(debugId);
    }
    this.#maps.set(debugId, map);
    return map;
  }
}
