import { Shelf } from './shelf';

export async function Catalogue() {
  await Promise.resolve();
  return (
    <section>
      <Shelf name="books" />
      <Shelf name="music" />
    </section>
  );
}
