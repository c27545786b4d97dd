export const TABS = [
  { id: 'graph', name: 'Flame graph', hint: 'Merged: width is the sum of all samples' },
  { id: 'chart', name: 'Flame chart', hint: 'In the order of time, one thread or lane' },
  { id: 'tree', name: 'Call tree', hint: 'Top-down and bottom-up' },
  { id: 'functions', name: 'Functions', hint: 'Self and total time' },
  { id: 'requests', name: 'Requests', hint: 'The requests and traces behind this profile' },
] as const;

export type ProfileTab = (typeof TABS)[number]['id'];

export function TabBar({ tab, onChange }: { tab: ProfileTab; onChange(tab: ProfileTab): void }) {
  return (
    <div className="tabs" role="tablist" aria-label="Views">
      {TABS.map(({ id, name, hint }) => (
        <button
          type="button"
          key={id}
          id={`tab-${id}`}
          role="tab"
          title={hint}
          aria-selected={id === tab}
          aria-controls="tab-panel"
          tabIndex={id === tab ? 0 : -1}
          onClick={() => onChange(id)}
          onKeyDown={({ key, currentTarget }) => {
            const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
            if (step === 0) return;
            const next = TABS[(TABS.findIndex((each) => each.id === id) + step + TABS.length) % TABS.length];
            if (next === undefined) return;
            onChange(next.id);
            (currentTarget.parentElement?.querySelector(`#tab-${next.id}`) as HTMLElement | null)?.focus();
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
