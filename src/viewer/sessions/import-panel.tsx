import { type DragEvent, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { ImportAnswer } from '../../collector/api-profile-types.ts';
import { fetchJson } from '../state/fetch-json.ts';

/** Takes profile files by drag and drop, or chosen from a dialogue, and opens what they became. */
export function ImportPanel({ onImported }: { onImported(): void }) {
  const [, go] = useLocation();
  const [isOver, setOver] = useState(false);
  const [said, setSaid] = useState<{ text: string; isError: boolean } | null>(null);
  const input = useRef<HTMLInputElement>(null);

  const take = async (files: FileList | null): Promise<void> => {
    const [file] = files ?? [];
    if (file === undefined) return;
    setSaid({ text: `Reading ${file.name}…`, isError: false });
    try {
      const address = `/api/v1/import?name=${encodeURIComponent(file.name)}`;
      const { session } = await fetchJson<ImportAnswer>(address, {
        method: 'POST',
        body: file,
        headers: { 'content-type': 'application/octet-stream' },
      });
      onImported();
      go(`/profile?session=${encodeURIComponent(session)}`);
    } catch (error) {
      setSaid({ text: error instanceof Error ? error.message : String(error), isError: true });
    }
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  };
  return (
    <section
      className={isOver ? 'panel drop over' : 'panel drop'}
      aria-label="Import"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span>
        Drop a speedscope, <code>.cpuprofile</code> or pprof file here, or{' '}
        <button type="button" className="button" onClick={() => input.current?.click()}>
          Choose a file
        </button>
      </span>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Profile file"
        accept=".json,.cpuprofile,.pb,.gz,.pprof"
        onChange={({ target }) => void take(target.files)}
      />
      {said !== null && (
        <p role={said.isError ? 'alert' : 'status'} className={said.isError ? 'bad' : 'muted'}>
          {said.text}
        </p>
      )}
    </section>
  );
}
