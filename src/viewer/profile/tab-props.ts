import type { Profile } from './profile.ts';

/** What every tab of a profile is given. */
export interface TabProps {
  profile: Profile;
  /** 1 for each frame that matches the search. */
  matches: Uint8Array | null;
  /** The selected frame, -1 for none. */
  frame: number;
  onFrame(frame: number): void;
}
