import { Link, useLocation } from 'wouter';
import { useHref } from '../state/query-state.ts';
import { chooseTheme, type ThemeChoice, useThemeChoice } from '../state/theme.ts';
import { Segmented } from './segmented.tsx';

const PAGES = [
  ['/', 'Routes'],
  ['/profile', 'Profile'],
  ['/blocks', 'Blocks'],
  ['/compare', 'Compare'],
  ['/sessions', 'Sessions'],
] as const;

const THEMES: readonly (readonly [ThemeChoice, string])[] = [
  ['system', 'Auto'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function Header() {
  const [path] = useLocation();
  const href = useHref();
  const theme = useThemeChoice();
  return (
    <header className="top-bar">
      <Link href={href('/')} className="brand">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path fill="var(--muted)" d="M1 2h14v3H1z" />
          <path fill="var(--kind-app)" d="M1 6h9v3H1z" />
          <path fill="var(--kind-next)" d="M11 6h4v3h-4z" />
          <path fill="var(--kind-gc)" d="M3 10h5v3H3z" />
        </svg>
        next-profiling
      </Link>
      <nav aria-label="Pages">
        {PAGES.map(([to, name]) => (
          <Link key={to} href={href(to)} aria-current={path === to ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      <Segmented label="Theme" options={THEMES} value={theme} onChange={chooseTheme} />
    </header>
  );
}
