import type { TimeSlice } from './side-slices.ts';

/** Of less, what a border cuts through, its time on one side and its CPU on the other, would look like chance. */
const LEAST_REQUESTS = 4;

/** What one slice, or several next to each other, come to. */
export interface SliceGroup {
  run: number;
  part: number;
  requests: number;
}

/** Takes slices of a run together until they have some requests. `slices` are in order of time. */
export function groupsOf(slices: Iterable<[time: TimeSlice, part: number, requests: number]>): SliceGroup[] {
  const groups: SliceGroup[] = [];
  const isSmall = (group: SliceGroup | undefined, run: number): group is SliceGroup =>
    group !== undefined && group.run === run && group.requests < LEAST_REQUESTS;
  for (const [{ run }, part, requests] of slices) {
    const last = groups.at(-1);
    if (isSmall(last, run)) addTo(last, part, requests);
    else groups.push({ run, part, requests });
  }
  // What is left at the end of a run belongs to the group before.
  return groups.filter((group, index) => {
    const before = groups[index - 1];
    if (before?.run !== group.run || !isSmall(group, group.run)) return true;
    addTo(before, group.part, group.requests);
    return false;
  });
}

/** The same with each run as one. */
export function runsOf(groups: readonly SliceGroup[]): SliceGroup[] {
  const runs = new Map<number, SliceGroup>();
  for (const { run, part, requests } of groups) {
    const sums = runs.get(run) ?? { run, part: 0, requests: 0 };
    addTo(sums, part, requests);
    runs.set(run, sums);
  }
  return [...runs.values()];
}

function addTo(group: SliceGroup, part: number, requests: number): void {
  group.part += part;
  group.requests += requests;
}
