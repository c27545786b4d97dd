// The page says what the example app does, byte for byte, as the README says it.
import INSTRUMENTATION from '../../../example-app/instrumentation.ts?raw';
import CONFIG from '../../../example-app/next.config.ts?raw';

const COMMANDS = `npx next build
npx next-profiling run -- next start`;

/** What to do when nothing has arrived yet. */
export function FirstSteps() {
  const dsn = `http://public@${location.host}/1`;
  return (
    <div className="first-steps">
      <h1>No profiles yet</h1>
      <p className="muted">
        This page fills itself as soon as your app sends something. If it runs under <code>next-profiling run</code>{' '}
        already, open it and click around; the first profile comes a second after a request, or after 30 s of constant
        load.
      </p>
      <ol>
        <Step title="Wrap the config" file="next.config.ts" text={CONFIG.trim()} />
        <Step title="Add the integration" file="instrumentation.ts" text={INSTRUMENTATION.trim()} />
        <Step title="Build and run, then use the app" file="shell" text={COMMANDS} />
      </ol>
      <p className="muted">
        Another Sentry SDK, or a server elsewhere? Send to <code>SENTRY_DSN={dsn}</code>
      </p>
    </div>
  );
}

function Step({ title, file, text }: { title: string; file: string; text: string }) {
  return (
    <li>
      <div className="panel">
        <div className="panel-head">
          <h2>{title}</h2>
          <span className="controls">
            <span className="muted mono">{file}</span>
            <button type="button" className="button" onClick={() => void navigator.clipboard?.writeText(text)}>
              Copy
            </button>
          </span>
        </div>
        <pre>{text}</pre>
      </div>
    </li>
  );
}
