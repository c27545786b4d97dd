import { formatShare } from '../model/format.ts';

/** A share from 0 to 1 as a figure and a bar. */
export function Share({ value }: { value: number }) {
  return (
    <span className="share">
      {formatShare(value)}
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect width={Math.min(100, Math.max(0, value * 100))} height="8" />
      </svg>
    </span>
  );
}
