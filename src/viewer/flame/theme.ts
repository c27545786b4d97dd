import type { ShownKind } from '../model/shown-kind.ts';

/** Fill of a box and of its alternate, and the colour of text on it. */
export interface BoxColours {
  fill: string;
  alternate: string;
  text: string;
}

export interface FlameTheme {
  boxes: Record<ShownKind, BoxColours>;
  background: string;
  outline: string;
  /** Boxes that do not match a search, or are not in the selected function's stacks. */
  dimmed: string;
  dimmedText: string;
  selected: string;
  match: string;
}

// Hues after Okabe and Ito, who chose them to be told apart by every kind of colour vision; lightness so that the text on
// them has a contrast of at least 4.5.
const LIGHT: FlameTheme = {
  boxes: {
    app: { fill: '#f2b13d', alternate: '#eda52a', text: '#2b1d00' },
    next: { fill: '#8fc4ea', alternate: '#82bce6', text: '#062238' },
    react: { fill: '#6fcbb0', alternate: '#61c3a6', text: '#00291d' },
    library: { fill: '#dcaecb', alternate: '#d6a2c3', text: '#391428' },
    node: { fill: '#d5d9de', alternate: '#cbd0d7', text: '#22272e' },
    gc: { fill: '#ee8a5a', alternate: '#ee8a5a', text: '#330f00' },
    program: { fill: '#e9ebee', alternate: '#e9ebee', text: '#3c434c' },
    pruned: { fill: '#e2e4e8', alternate: '#e2e4e8', text: '#3c434c' },
    idle: { fill: '#f4f5f6', alternate: '#f4f5f6', text: '#5a626c' },
  },
  background: '#ffffff',
  outline: '#ffffff',
  dimmed: '#eceef1',
  dimmedText: '#616a75',
  selected: '#0b0d10',
  match: '#7a00cc',
};

const DARK: FlameTheme = {
  boxes: {
    app: { fill: '#d08c14', alternate: '#c28110', text: '#160e00' },
    next: { fill: '#4d94c9', alternate: '#4389be', text: '#02121f' },
    react: { fill: '#2f9f81', alternate: '#2a9478', text: '#001a12' },
    library: { fill: '#b87fa2', alternate: '#ad7497', text: '#1e0613' },
    node: { fill: '#59626d', alternate: '#525b65', text: '#ffffff' },
    gc: { fill: '#d8692f', alternate: '#d8692f', text: '#1a0700' },
    program: { fill: '#3a424c', alternate: '#3a424c', text: '#e6e9ed' },
    pruned: { fill: '#30373f', alternate: '#30373f', text: '#dfe3e8' },
    idle: { fill: '#252b32', alternate: '#252b32', text: '#a9b2bd' },
  },
  background: '#0e1116',
  outline: '#0e1116',
  dimmed: '#1d2229',
  dimmedText: '#8b95a1',
  selected: '#ffffff',
  match: '#d9a3ff',
};

export const flameTheme = (dark: boolean): FlameTheme => (dark ? DARK : LIGHT);
