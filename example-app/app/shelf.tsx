import { rankProducts } from './rank-products';

export async function Shelf({ name }: { name: string }) {
  await Promise.resolve();
  const ranked = rankProducts(name, 20_000);
  return (
    <p>
      {name}: best is product {ranked[0]}
    </p>
  );
}
