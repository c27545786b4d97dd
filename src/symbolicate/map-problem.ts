/** Why frames stay as they were built. Counted and shown, never fatal. */
export class MapProblem extends Error {
  override readonly name = 'MapProblem';
}
