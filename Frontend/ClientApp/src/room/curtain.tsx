import { myOrders } from "../deals/my-orders";
import { toPay } from "../deals/orders";
import { countText, useTexts } from "../i18n";
import { FormError } from "../shell/form-parts";
import { PlayIcon } from "../shell/icons";
import { Link } from "../shell/router";
import { useStore } from "../shell/store";
import { useWork } from "../shell/work";
import { api } from "../wire/api";
import { serverClock } from "../wire/server-clock";
import type { RoomView } from "./room-view";

interface CurtainProps {
  view: RoomView;
  hosting: boolean;
  onReplay: () => void;
}

/** What is over the stage when nothing is live on it. */
export function Curtain({ view, hosting, onReplay }: CurtainProps) {
  const t = useTexts();
  const { busy, error, run } = useWork();
  const { room, counters } = view;
  // The show is over, the time to pay is not.
  const due = toPay(useStore(myOrders.orders), serverClock.now()).length;
  if (!room || room.state === "live") return null;
  if (room.state === "scheduled") {
    return (
      <div class="curtain" role="status">
        <h2>{t("room.scheduled")}</h2>
        <p>{t("room.scheduledText")}</p>
        {hosting && (
          <button
            type="button"
            class="button primary"
            disabled={busy}
            onClick={() => void run(() => api.startRoom(room.roomId))}
            data-testid="start-room"
          >
            {t("room.startNow")}
          </button>
        )}
        <FormError text={error} />
      </div>
    );
  }
  const numbers = {
    likes: countText(counters.likes),
    danmaku: countText(counters.danmaku),
    peak: countText(counters.peakViewers),
  };
  return (
    <div class="curtain" role="status" data-testid="room-ended">
      <h2>{t("room.ended")}</h2>
      <p>{t("room.endedText", numbers)}</p>
      <div class="curtain-actions">
        {due > 0 && (
          <Link to="/orders" class="button primary" data-testid="curtain-orders">
            {t("order.titleToPay", { n: due })}
          </Link>
        )}
        {room.startedAt && (
          <button
            type="button"
            class={`button ${due > 0 ? "quiet" : "primary"}`}
            onClick={onReplay}
            data-testid="replay-start"
          >
            <PlayIcon />
            {t("replay.watch")}
          </button>
        )}
        <Link to="/" class="button quiet">
          {t("app.back")}
        </Link>
      </div>
    </div>
  );
}
