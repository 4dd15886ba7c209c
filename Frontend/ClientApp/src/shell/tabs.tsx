import { useRef } from "preact/hooks";

export interface Tab<T extends string> {
  key: T;
  label: string;
  /** A number beside the label, such as how much waits there. */
  badge?: number;
}

interface TabsProps<T extends string> {
  tabs: readonly Tab<T>[];
  current: T;
  onChange: (key: T) => void;
  label: string;
  /** Id of the element that shows the tab's content. */
  panelId: string;
}

/** Tabs as the ARIA pattern has them: one stop for Tab, arrow keys move between them. */
export function Tabs<T extends string>({ tabs, current, onChange, label, panelId }: TabsProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = tabs.findIndex((tab) => tab.key === current);
    const next = tabs[(at + step + tabs.length) % tabs.length]!;
    onChange(next.key);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.key}"]`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.key}
          type="button"
          role="tab"
          class="tab"
          id={`${panelId}-${tab.key}`}
          aria-selected={tab.key === current}
          aria-controls={panelId}
          tabIndex={tab.key === current ? 0 : -1}
          onClick={() => onChange(tab.key)}
          data-tab={tab.key}
          data-testid={`tab-${tab.key}`}
        >
          {tab.label}
          {(tab.badge ?? 0) > 0 && <span class="badge">{tab.badge}</span>}
        </button>
      ))}
    </div>
  );
}
