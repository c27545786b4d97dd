import { afterEach, beforeEach } from 'vitest';
import { Sink } from './sink.ts';

/** Where the apps of the running test send to: a new one for each test of a file that imports it. */
export let sink: Sink;

interface Stoppable {
  stop(): Promise<unknown>;
}

const apps = new Set<Stoppable>();

/** Has an app stopped when the test is over, however it ends. */
export function untilTestEnds<App extends Stoppable>(app: App): App {
  apps.add(app);
  return app;
}

beforeEach(async () => {
  sink = await Sink.listen();
});

afterEach(async () => {
  for (const app of apps) {
    apps.delete(app);
    await app.stop();
  }
  sink.close();
});
