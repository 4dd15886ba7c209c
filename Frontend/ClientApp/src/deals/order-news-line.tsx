import { useEffect, useRef, useState } from "preact/hooks";
import { text } from "../i18n";
import type { RoomSession } from "../room/room-session";
import type { RoomView } from "../room/room-view";
import { BagIcon } from "../shell/icons";
import { isOver } from "./deals";
import { NewsGatherer, newsLineMs, type NewsLine } from "./order-news";

/** Who got something, one line at a time over the stage. The stock and the counters say the same to a screen reader. */
export function OrderNewsLine({ stay, view }: { stay: RoomSession; view: RoomView }) {
  const [line, setLine] = useState<NewsLine | null>(null);
  const gatherer = useRef(new NewsGatherer());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const show = () => {
      timer = null;
      const next = gatherer.current.next();
      setLine(next);
      if (next) timer = setTimeout(show, newsLineMs);
    };
    const stop = stay.onCue((cue) => {
      if (cue.kind !== "event" || cue.event.kind !== "order_announced") return;
      gatherer.current.take(cue.event);
      if (timer === null) show();
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [stay]);
  if (!line) return null;
  // With several deals on at once it has to be said of which one.
  const several = view.deals.filter((deal) => !isOver(deal)).length > 1;
  const title = view.deals.find((deal) => deal.dealId === line.dealId)?.title;
  const values = { name: line.name, n: line.pieces, orders: line.orders };
  return (
    <p class="order-news" key={line.id} aria-hidden="true" data-testid="order-news">
      <BagIcon />
      <span>{text(line.orders > 1 ? "deal.announceMany" : "deal.announceOne", values)}</span>
      {several && title && <span class="order-news-title">{title}</span>}
    </p>
  );
}
