import { Suspense } from 'react';
import { Catalogue } from './catalogue';
import { Recommendations } from './recommendations';
import { vote } from './vote';

export const dynamic = 'force-dynamic';

export default async function HomePage() {
  return (
    <main>
      <h1>next-profiling example</h1>
      <Catalogue />
      <Suspense fallback={<p>Looking for recommendations…</p>}>
        <Recommendations />
      </Suspense>
      <form action={vote}>
        <input name="choice" defaultValue="tea" />
        <button type="submit">Vote</button>
      </form>
    </main>
  );
}
