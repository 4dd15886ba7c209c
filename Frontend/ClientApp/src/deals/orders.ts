import type { Order, OrderNews, OrderStatus } from "../wire/deal-types";

/** Orders that the page remembers; the server has them all. */
export const maxOrdersKept = 500;

/** An order never goes back to an earlier rank, whichever word about it comes last. */
const ranks: Readonly<Record<OrderStatus, number>> = {
  waiting: 0,
  reserved: 1,
  paying: 1,
  paid: 2,
  cancelled: 2,
  expired: 2,
  refunded: 3,
};

export function isUnfinished(order: { status: OrderStatus }): boolean {
  return ranks[order.status] < 2;
}

/** Newest first. Ids of one deal grow, and ids may not fit a number. */
function newestFirst(a: Order, b: Order): number {
  return b.createdAt - a.createdAt || (BigInt(b.orderId) > BigInt(a.orderId) ? 1 : -1);
}

/**
 * Orders as an answer has them. One that was pushed while the answer was under way stays as it was pushed, as the
 * answer may be older; unless the answer is further on.
 */
export function withOrders(
  known: readonly Order[],
  sent: readonly Order[],
  pushedMeanwhile: (orderId: string) => boolean = () => false,
): readonly Order[] {
  const next = new Map(known.map((order) => [order.orderId, order]));
  for (const { declined: _, ...order } of sent) {
    const before = next.get(order.orderId);
    const older =
      before !== undefined &&
      (ranks[order.status] < ranks[before.status] ||
        (ranks[order.status] === ranks[before.status] && pushedMeanwhile(order.orderId)));
    if (!older) next.set(order.orderId, order);
  }
  return [...next.values()].sort(newestFirst).slice(0, maxOrdersKept);
}

/** An order as the hub pushed it; null: it is not known here, and has to be asked for. */
export function withNews(known: readonly Order[], news: OrderNews): readonly Order[] | null {
  const before = known.find((order) => order.orderId === news.orderId);
  if (!before) return null;
  if (ranks[news.status] < ranks[before.status]) return known;
  const { payBefore: _, position: __, ...rest } = before;
  const after: Order = {
    ...rest,
    status: news.status,
    ...(news.payBefore == null ? {} : { payBefore: news.payBefore }),
    ...(news.position == null ? {} : { position: news.position }),
  };
  return known.map((order) => (order === before ? after : order));
}

/** Orders that hold pieces for who has not paid yet. */
export function toPay(orders: readonly Order[], now: number): readonly Order[] {
  return orders.filter((order) => order.status === "reserved" && (order.payBefore ?? Infinity) > now);
}

/** Of one deal, what still matters to who looks at its card: unfinished ones, and else the newest. */
export function ordersForCard(orders: readonly Order[], dealId: string): readonly Order[] {
  const those = orders.filter((order) => order.dealId === dealId);
  const unfinished = those.filter(isUnfinished);
  return unfinished.length > 0 ? unfinished : those.slice(0, 1);
}
