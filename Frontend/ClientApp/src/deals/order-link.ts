import type { OrderNews } from "../wire/deal-types";
import { Hub } from "../wire/hub";
import { myOrders, refreshOrders } from "./my-orders";

/** A connection that orders are pushed on, for pages that have none of a room's. Answers what closes it. */
export function openOrderLink(): () => void {
  const hub = new Hub({
    // Whatever was pushed before there was this connection.
    connected: () => void refreshOrders().catch(() => undefined),
    disconnected: () => undefined,
  });
  hub.on("order", (news: OrderNews) => myOrders.pushedNews(news));
  hub.start();
  return () => void hub.stop();
}
