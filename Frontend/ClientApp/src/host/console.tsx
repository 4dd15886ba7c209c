import { useEffect, useState } from "preact/hooks";
import { DealsTab } from "../deals/deals-tab";
import { useTexts } from "../i18n";
import type { RoomSession } from "../room/room-session";
import type { RoomView, Say } from "../room/room-view";
import { CloseIcon } from "../shell/icons";
import { Tabs, type Tab } from "../shell/tabs";
import { api } from "../wire/api";
import { AuditTab } from "./audit-tab";
import { EndDialog } from "./end-dialog";
import { FiguresTab } from "./figures-tab";
import { InteractTab } from "./interact-tab";
import { OrderTab } from "./order-tab";
import { ReviewTab, type Review } from "./review-tab";
import type { RoomSeries } from "./series";

type TabName = "interact" | "deals" | "review" | "order" | "figures" | "audit";

interface ConsoleProps {
  stay: RoomSession;
  view: RoomView;
  say: Say;
  series: RoomSeries;
  review: Review;
  onClose: () => void;
}

/** Where the host runs the show, and moderators keep order; it stands beside the stage and blocks nothing. */
export function Console({ stay, view, say, series, review, onClose }: ConsoleProps) {
  const t = useTexts();
  const host = say === "host";
  const [tab, setTab] = useState<TabName>("interact");
  const [ending, setEnding] = useState(false);
  useEffect(() => document.getElementById("console-title")?.focus(), []);
  const tabs: Tab<TabName>[] = [
    { key: "interact", label: t("console.interact") },
    ...(host ? [{ key: "deals", label: t("console.deals") } as const] : []),
    { key: "review", label: t("console.review"), badge: review.total },
    { key: "order", label: t("console.order") },
    ...(host
      ? ([
          { key: "figures", label: t("console.figures") },
          { key: "audit", label: t("console.audit") },
        ] as const)
      : []),
  ];
  const keys = (event: KeyboardEvent) => event.key === "Escape" && onClose();
  return (
    <aside class="console" aria-labelledby="console-title" onKeyDown={keys} data-testid="console">
      <header class="console-head">
        <h2 id="console-title" tabIndex={-1}>
          {t("host.tools")}
        </h2>
        {host && (
          <button type="button" class="button danger small" onClick={() => setEnding(true)} data-testid="end-room">
            {t("host.end")}
          </button>
        )}
        <button
          type="button"
          class="icon-button"
          aria-label={t("app.close")}
          onClick={onClose}
          data-testid="console-close"
        >
          <CloseIcon />
        </button>
      </header>
      <Tabs tabs={tabs} current={tab} onChange={setTab} label={t("host.tools")} panelId="console-panel" />
      <div class="console-panel" id="console-panel" role="tabpanel" aria-labelledby={`console-panel-${tab}`}>
        {tab === "interact" && <InteractTab stay={stay} view={view} host={host} />}
        {tab === "deals" && <DealsTab stay={stay} view={view} />}
        {tab === "review" && <ReviewTab review={review} hold={view.settings.hold} />}
        {tab === "order" && <OrderTab roomId={stay.roomId} view={view} host={host} />}
        {tab === "figures" && <FiguresTab roomId={stay.roomId} series={series} />}
        {tab === "audit" && <AuditTab roomId={stay.roomId} />}
      </div>
      {ending && <EndDialog onEnd={() => api.endRoom(stay.roomId)} onClose={() => setEnding(false)} onDone={onClose} />}
    </aside>
  );
}
