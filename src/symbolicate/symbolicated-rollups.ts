import type { CoarserRollups, Rollup, RollupStore } from '../store/rollup-store.ts';
import type { StoreRange } from '../store/selection.ts';
import type { Symbolicator } from './symbolicator.ts';

type Methods = Omit<RollupStore, 'widthMicros' | 'coarser'>;
type Parameters<K extends keyof Methods> = globalThis.Parameters<Methods[K]>;

/** Rollups of what was read with the names of the sources: made again when maps arrive that were lacking. */
export class SymbolicatedRollups<Rollups extends RollupStore = RollupStore> implements RollupStore {
  readonly widthMicros: number;
  readonly coarser: CoarserRollups | null;
  readonly #symbolicator: Symbolicator;
  protected readonly rollups: Rollups;

  constructor(rollups: Rollups, symbolicator: Symbolicator) {
    this.rollups = rollups;
    this.widthMicros = rollups.widthMicros;
    this.coarser = rollups.coarser && new SymbolicatedCoarserRollups(rollups.coarser, this, symbolicator);
    this.#symbolicator = symbolicator;
  }

  async stale(endedByMicros: number, limit: number): Promise<number[]> {
    await this.#expireIfNamed();
    return this.rollups.stale(endedByMicros, limit);
  }

  async ready(range: StoreRange): Promise<number[]> {
    await this.#expireIfNamed();
    return this.rollups.ready(range);
  }

  finish(startMicros: number, token: string, rollups: readonly Rollup[]): Promise<boolean> {
    return this.rollups.finish(startMicros, token, rollups, this.#symbolicator.lacking);
  }

  async #expireIfNamed(): Promise<void> {
    if (await this.#symbolicator.hasArrived(await this.rollups.lacking())) await this.rollups.expire();
  }

  begin(startMicros: number): Promise<string> {
    return this.rollups.begin(startMicros);
  }

  lacking(): Promise<string[]> {
    return this.rollups.lacking();
  }

  expire(): Promise<void> {
    return this.rollups.expire();
  }

  summaries(...parameters: Parameters<'summaries'>): ReturnType<RollupStore['summaries']> {
    return this.rollups.summaries(...parameters);
  }

  trees(...parameters: Parameters<'trees'>): ReturnType<RollupStore['trees']> {
    return this.rollups.trees(...parameters);
  }

  numbersOf(...parameters: Parameters<'numbersOf'>): ReturnType<RollupStore['numbersOf']> {
    return this.rollups.numbersOf(...parameters);
  }

  functions(...parameters: Parameters<'functions'>): ReturnType<RollupStore['functions']> {
    return this.rollups.functions(...parameters);
  }
}

class SymbolicatedCoarserRollups extends SymbolicatedRollups<CoarserRollups> implements CoarserRollups {
  readonly parts: RollupStore;
  readonly seriesBuckets: number;

  constructor(rollups: CoarserRollups, parts: RollupStore, symbolicator: Symbolicator) {
    super(rollups, symbolicator);
    this.parts = parts;
    this.seriesBuckets = rollups.seriesBuckets;
  }

  scopes(starts: readonly number[]): ReturnType<CoarserRollups['scopes']> {
    return this.rollups.scopes(starts);
  }
}
