import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningApp } from './running-app.ts';

/** A file of a page, of a route or of the instrumentation, and where an edit of it shows. */
interface Edited {
  path: string;
  source: (edit: number) => string;
  shownAt: string;
}

const EDITED: readonly [Edited, ...Edited[]] = [
  {
    path: 'app/edited/page.tsx',
    source: (edit) => `export const dynamic = 'force-dynamic';
export default function EditedPage() {
  return <p>{'edit ' + ${edit}}</p>;
}
`,
    shownAt: '/edited',
  },
  {
    path: 'app/api/edited/route.ts',
    source: (edit) => `import { setting } from '../../../lib/setting';
export const dynamic = 'force-dynamic';
export async function GET(request: Request) {
  return new Response(new URL(request.url).searchParams.has('setting') ? setting : 'edit ' + ${edit});
}
`,
    shownAt: '/api/edited',
  },
  {
    path: 'lib/setting.ts',
    source: (edit) => `export const setting = 'edit ' + ${edit};\n`,
    shownAt: '/api/edited?setting',
  },
];

/** Those files before the first edit, by path. */
export const EDITED_FILES = Object.fromEntries(EDITED.map(({ path, source }) => [path, source(0)]));

/** Edits one of the files, each in its turn, and waits until the edit is served. Resolves to the milliseconds it took. */
export async function edit(folder: string, server: RunningApp, number: number): Promise<number> {
  const { path, source, shownAt } = EDITED[number % EDITED.length] ?? EDITED[0];
  const start = performance.now();
  await writeFile(join(folder, path), source(number));
  let shown = '';
  while (!shown.includes(`edit ${number}`)) {
    if (performance.now() - start > 60_000) throw new Error(`${path}: edit ${number} does not show in:\n${shown}`);
    shown = await (await server.get(shownAt)).text();
  }
  return performance.now() - start;
}
