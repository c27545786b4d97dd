import { startCollector } from '../collector/server.ts';
import { storeLocation } from '../store/open-store.ts';
import { type Command, DEFAULT_STORE, KEEP_OPTIONS, MAPS_OPTION, STORE_OPTION, TRACES_LINK_OPTION } from './command.ts';
import { portOf, textOf, webAddressOf } from './option-values.ts';
import { packageVersion } from './package-version.ts';
import { pagesFolder } from './pages-folder.ts';
import { openReadableStore } from './readable-store.ts';
import { retentionOf } from './retention-of.ts';
import { waitForSignal } from './wait-for-signal.ts';

/** Unassigned, and near none that Next or Sentry's own tools use. */
const DEFAULT_PORT = 8971;

export const collect: Command = {
  name: 'collect',
  usage: 'collect [--port N] [--host HOST --token T] [--store STORE] [OPTION…]',
  summary: 'Receive profiles from apps that you start yourself, until Ctrl-C',
  options: {
    port: { value: 'N', help: `port to listen on, 0 for a free one (default ${DEFAULT_PORT})` },
    host: { value: 'HOST', help: 'address to listen on (default 127.0.0.1); another than loopback needs --token' },
    token: { value: 'T', help: "secret of readers (Authorization: Bearer) and senders (the DSN's public key)" },
    store: STORE_OPTION,
    ...KEEP_OPTIONS,
    maps: MAPS_OPTION,
    'sentry-url': TRACES_LINK_OPTION,
  },

  async run({ values }) {
    const port = portOf(values, 'collect') ?? DEFAULT_PORT;
    const [host, token] = [textOf(values, 'host'), textOf(values, 'token')];
    const sentryUrl = webAddressOf(values, 'sentry-url', 'collect');
    const pages = pagesFolder();
    const retention = retentionOf(values, 'collect');
    const place = storeLocation(textOf(values, 'store') ?? DEFAULT_STORE);
    const { store, symbols } = await openReadableStore(values);
    try {
      const collector = await startCollector({
        store,
        symbols,
        version: packageVersion(),
        port,
        retention,
        ...(host !== undefined && { host }),
        ...(token !== undefined && { token }),
        ...(sentryUrl !== undefined && { sentryUrl }),
        ...(pages !== undefined && { pagesFolder: pages }),
      });
      process.stderr.write(`collecting at ${collector.url} into ${place}\nSENTRY_DSN=${collector.dsn}\n`);
      await waitForSignal();
      await collector.close();
      return 0;
    } finally {
      await store.close();
    }
  },
};
