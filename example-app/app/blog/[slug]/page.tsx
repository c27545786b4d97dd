import { highlightCode } from './highlight-code';

export const dynamic = 'force-dynamic';

export default async function BlogPost({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  return (
    <article>
      <h1>{slug}</h1>
      <pre>{highlightCode(slug, 60_000).slice(0, 60)}</pre>
    </article>
  );
}
