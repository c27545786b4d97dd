import { setTimeout as wait } from 'node:timers/promises';
import { findSimilar } from './find-similar';

/** Streams in late: by then every function of the page itself has returned. */
export async function Recommendations() {
  await wait(300);
  return <p>You may like product {findSimilar(220)}</p>;
}
