import type { ShownKind } from '../model/shown-kind.ts';
import { type Boxes, firstEndingAfter, rowOf } from './boxes.ts';
import type { BoxColours, FlameTheme } from './theme.ts';
import type { Viewport } from './viewport.ts';

export const ROW_HEIGHT = 18;
const FONT = '11px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';
/** Below this width a box has no text, pixels. */
const MIN_TEXT_WIDTH = 26;
const PADDING = 4;

/** What the boxes look like, beside their places: columns by frame. */
export interface BoxFaces {
  label: readonly string[];
  kind: readonly ShownKind[];
  /** 1: the frame matches the search; `null`: nothing is searched for. */
  matches: Uint8Array | null;
  /** Fill by box, where colour means something else than the kind. */
  fillOf?: (box: number) => string;
}

export interface Picture {
  boxes: Boxes;
  faces: BoxFaces;
  theme: FlameTheme;
  view: Viewport;
  /** CSS pixels. */
  width: number;
  height: number;
  /** Index of a box, -1 for none. */
  selected: number;
  hovered: number;
}

/**
 * Draws what can be seen and nothing else. Boxes narrower than a pixel share one: a row costs as many steps as it has
 * pixels, however many boxes there are.
 */
export function drawBoxes(context: CanvasRenderingContext2D, picture: Picture): void {
  const { boxes, theme, view, width, height } = picture;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  context.font = FONT;
  context.textBaseline = 'middle';
  const characterWidth = context.measureText('0').width;
  const last = Math.min(boxes.rows.length - 2, Math.floor((view.top + height) / ROW_HEIGHT));
  for (let row = Math.max(0, Math.floor(view.top / ROW_HEIGHT)); row <= last; row++) {
    drawRow(context, picture, row, characterWidth);
  }
  outline(context, picture, picture.hovered, 1);
  outline(context, picture, picture.selected, 2);
}

function drawRow(context: CanvasRenderingContext2D, picture: Picture, row: number, characterWidth: number): void {
  const { boxes, view, width } = picture;
  const scale = width / (view.right - view.left);
  const y = row * ROW_HEIGHT - view.top;
  const end = boxes.rows[row + 1] as number;
  let box = firstEndingAfter(boxes, row, view.left);
  while (box < end) {
    const from = Math.max(0, ((boxes.start[box] as number) - view.left) * scale);
    if (from > width) return;
    const to = Math.min(width, ((boxes.end[box] as number) - view.left) * scale);
    if (to - from < 1) {
      const pixel = Math.floor(from);
      paint(context, picture, box, pixel, y, 1);
      // The next box that reaches beyond this pixel.
      box = firstEndingAfter(boxes, row, view.left + (pixel + 1) / scale, box + 1);
      continue;
    }
    // A thin gap tells neighbours apart; narrow boxes need the room themselves.
    paint(context, picture, box, from, y, Math.max(1, to - from - (to - from > 3 ? 1 : 0)));
    if (to - from >= MIN_TEXT_WIDTH) label(context, picture, box, from, y, to - from, characterWidth);
    box++;
  }
}

function coloursOf({ boxes, faces, theme }: Picture, box: number): BoxColours {
  return theme.boxes[faces.kind[boxes.frame[box] as number] ?? 'app'];
}

const isDimmed = ({ boxes, faces }: Picture, box: number): boolean =>
  faces.matches !== null && faces.matches[boxes.frame[box] as number] !== 1;

function paint(context: CanvasRenderingContext2D, picture: Picture, box: number, x: number, y: number, width: number) {
  const { boxes, faces, theme } = picture;
  const colours = coloursOf(picture, box);
  if (isDimmed(picture, box)) context.fillStyle = theme.dimmed;
  else if (faces.fillOf !== undefined) context.fillStyle = faces.fillOf(box);
  else context.fillStyle = ((boxes.frame[box] as number) & 1) === 0 ? colours.fill : colours.alternate;
  context.fillRect(x, y, width, ROW_HEIGHT - 1);
  if (faces.matches !== null && !isDimmed(picture, box)) {
    context.fillStyle = theme.match;
    context.fillRect(x, y + ROW_HEIGHT - 3, width, 2);
  }
  // Colour alone must not tell: collections are hatched as well.
  if (faces.kind[boxes.frame[box] as number] === 'gc' && width > 6) hatch(context, colours.text, x, y, width);
}

function hatch(context: CanvasRenderingContext2D, colour: string, x: number, y: number, width: number): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, ROW_HEIGHT - 1);
  context.clip();
  context.strokeStyle = colour;
  context.globalAlpha = 0.18;
  context.beginPath();
  for (let left = x - ROW_HEIGHT; left < x + width; left += 7) {
    context.moveTo(left, y + ROW_HEIGHT);
    context.lineTo(left + ROW_HEIGHT, y);
  }
  context.stroke();
  context.restore();
}

function label(
  context: CanvasRenderingContext2D,
  picture: Picture,
  box: number,
  x: number,
  y: number,
  width: number,
  characterWidth: number,
): void {
  const room = Math.floor((width - 2 * PADDING) / characterWidth);
  const text = picture.faces.label[picture.boxes.frame[box] as number] ?? '';
  if (room < 2) return;
  context.fillStyle = isDimmed(picture, box) ? picture.theme.dimmedText : coloursOf(picture, box).text;
  context.fillText(text.length <= room ? text : `${text.slice(0, room - 1)}…`, x + PADDING, y + ROW_HEIGHT / 2);
}

function outline(context: CanvasRenderingContext2D, picture: Picture, box: number, lineWidth: number): void {
  const place = box < 0 ? null : placeOf(picture, box);
  if (place === null) return;
  context.strokeStyle = picture.theme.selected;
  context.lineWidth = lineWidth;
  const inset = lineWidth / 2;
  context.strokeRect(
    place.x + inset,
    place.y + inset,
    Math.max(1, place.width - lineWidth),
    ROW_HEIGHT - 1 - lineWidth,
  );
}

function placeOf({ boxes, view, width }: Picture, box: number): { x: number; y: number; width: number } | null {
  const scale = width / (view.right - view.left);
  const from = Math.max(0, ((boxes.start[box] as number) - view.left) * scale);
  const to = Math.min(width, ((boxes.end[box] as number) - view.left) * scale);
  if (to < 0 || from > width) return null;
  return { x: from, y: rowOf(boxes, box) * ROW_HEIGHT - view.top, width: to - from };
}
