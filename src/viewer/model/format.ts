const THREE_DIGITS = new Intl.NumberFormat('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const INTEGER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY_TIME = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

export const formatInteger = (value: number): string => INTEGER.format(value);

/** Milliseconds without a unit, as in a column that says it: three digits, more only where they are whole. */
export function formatMs(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 0) return `−${formatMs(-ms)}`;
  if (ms >= 100) return INTEGER.format(ms);
  return ms >= 10 ? ms.toFixed(1) : ms.toFixed(2);
}

/** A length of time with the unit that fits it. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `−${formatDuration(-ms)}`;
  if (ms === 0) return '0 ms';
  if (ms < 1) return `${THREE_DIGITS.format(ms * 1000)} µs`;
  if (ms < 1000) return `${THREE_DIGITS.format(ms)} ms`;
  if (ms < 120_000) return `${THREE_DIGITS.format(ms / 1000)} s`;
  if (ms < 7_200_000) return `${THREE_DIGITS.format(ms / 60_000)} min`;
  return `${THREE_DIGITS.format(ms / 3_600_000)} h`;
}

export const formatShare = (share: number): string => `${(share * 100).toFixed(1)}%`;

export const formatTime = (ms: number): string => TIME.format(ms);
export const formatDayTime = (ms: number): string => DAY_TIME.format(ms);

export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${THREE_DIGITS.format(value)} ${units[unit]}`;
}

/** `lib/burn-cpu.ts:12:3`; the part of the path that tells files apart. */
export function formatPosition(file: string, line: number, column: number): string {
  if (file === '') return '';
  const numbers = line > 0 ? `:${line}${column > 0 ? `:${column}` : ''}` : '';
  return `${file}${numbers}`;
}

/** The last two parts of a path. */
export const shortFile = (file: string): string => file.split(/[\\/]/).slice(-2).join('/');
