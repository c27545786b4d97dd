import type { CallTree } from './call-tree.ts';
import type { ProfiledFunction } from './function-table.ts';

export interface FunctionTime extends ProfiledFunction {
  /** Time with this function on top of the stack, microseconds. */
  selfMicros: number;
  /** Time with this function anywhere on the stack, microseconds; recursion counts once. */
  totalMicros: number;
}

/** Self and total CPU time by number of the function. */
export class FunctionTimes {
  // Filled without holes, so that both stay plain arrays of doubles.
  readonly selfMicros: number[] = [];
  readonly totalMicros: number[] = [];

  add(frame: number, selfMicros: number, totalMicros: number): void {
    while (frame >= this.selfMicros.length) {
      this.selfMicros.push(0);
      this.totalMicros.push(0);
    }
    this.selfMicros[frame] = (this.selfMicros[frame] ?? 0) + selfMicros;
    this.totalMicros[frame] = (this.totalMicros[frame] ?? 0) + totalMicros;
  }

  addTree(tree: CallTree): void {
    const totals = tree.totals(tree.selfCpuMicros);
    for (let node = 0; node < tree.size; node++) {
      const total = isRecursion(tree, node) ? 0 : (totals[node] ?? 0);
      this.add(tree.frame[node] ?? 0, tree.selfCpuMicros[node] ?? 0, total);
    }
  }

  /** Adds others. `frames` translates their functions' numbers. */
  merge(other: FunctionTimes, frames: (frame: number) => number = (frame) => frame): void {
    for (const [frame, self] of other.selfMicros.entries()) {
      const total = other.totalMicros[frame] ?? 0;
      if (total > 0) this.add(frames(frame), self, total);
    }
  }

  /** Most self time first, then most total, then by name. */
  list(functions: readonly ProfiledFunction[]): FunctionTime[] {
    return functions
      .map((of, frame) => ({
        ...of,
        selfMicros: this.selfMicros[frame] ?? 0,
        totalMicros: this.totalMicros[frame] ?? 0,
      }))
      .filter(({ totalMicros }) => totalMicros > 0)
      .sort((a, b) => b.selfMicros - a.selfMicros || b.totalMicros - a.totalMicros || (a.name < b.name ? -1 : 1));
  }

  /** The first of the list, found without making it. */
  top(functions: readonly ProfiledFunction[]): FunctionTime | undefined {
    const self = (frame: number) => this.selfMicros[frame] ?? 0;
    const total = (frame: number) => this.totalMicros[frame] ?? 0;
    const name = (frame: number) => functions[frame]?.name ?? '';
    let best = 0;
    for (let frame = 1; frame < this.selfMicros.length; frame++) {
      const more = self(frame) - self(best) || total(frame) - total(best) || (name(frame) < name(best) ? 1 : -1);
      if (more > 0) best = frame;
    }
    const of = functions[best];
    return of && total(best) > 0 ? { ...of, selfMicros: self(best), totalMicros: total(best) } : undefined;
  }
}

/** Whether a caller of the node is the same function: the time is in that one's total already. */
function isRecursion({ parent, frame }: CallTree, node: number): boolean {
  const own = frame[node];
  for (let at = parent[node] ?? -1; at !== -1; at = parent[at] ?? -1) if (frame[at] === own) return true;
  return false;
}
