import { ChartTab } from './chart-tab.tsx';
import { FunctionsTab } from './functions-tab.tsx';
import { GraphTab } from './graph-tab.tsx';
import type { Weight } from './profile.ts';
import { RequestsTab } from './requests-tab.tsx';
import type { ProfileTab } from './tab-bar.tsx';
import type { TabProps } from './tab-props.ts';
import type { TimeWindow } from './time-window.ts';
import { TreeTab } from './tree-tab.tsx';

interface TabContentProps extends TabProps {
  tab: ProfileTab;
  weight: Weight;
  wanted: TimeWindow | null;
  onWindow(window: TimeWindow): void;
}

export function TabContent({ tab, weight, wanted, onWindow, ...common }: TabContentProps) {
  return (
    <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
      {tab === 'graph' && <GraphTab {...common} />}
      {tab === 'chart' && <ChartTab {...common} wanted={wanted} onWindow={onWindow} />}
      {tab === 'tree' && <TreeTab {...common} weight={weight} />}
      {tab === 'functions' && <FunctionsTab {...common} weight={weight} />}
      {tab === 'requests' && <RequestsTab />}
    </div>
  );
}
