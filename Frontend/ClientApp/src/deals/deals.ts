import { secondsUntil } from "../polls/polls";
import type { Deal, DealState, DealTicker, Order } from "../wire/deal-types";

/** Deals that are over and that a long stay remembers; the server has them all. */
export const maxOverKept = 20;

/** A deal only goes forward: an older word about it, whichever way it comes, does not take it back. */
const steps: Readonly<Record<DealState, number>> = { scheduled: 0, open: 1, sold_out: 2, ended: 3 };

export function isOver(deal: { state: DealState }): boolean {
  return deal.state === "sold_out" || deal.state === "ended";
}

function trimmed(deals: readonly Deal[]): readonly Deal[] {
  let spare = deals.filter(isOver).length - maxOverKept;
  return spare <= 0 ? deals : deals.filter((deal) => !isOver(deal) || spare-- <= 0);
}

/** Deals as the server sends them whole. */
export function withDeals(known: readonly Deal[], sent: readonly Deal[]): readonly Deal[] {
  if (sent.length === 0) return known;
  const next = [...known];
  for (const deal of sent) {
    const at = next.findIndex((other) => other.dealId === deal.dealId);
    if (at < 0) next.push(deal);
    else if (steps[deal.state] >= steps[next[at]!.state]) next[at] = deal;
  }
  return trimmed(next);
}

/** Numbers as they are now. Also after the end pieces are paid and come back, so that they change until the last. */
export function withDealTickers(known: readonly Deal[], tickers: readonly DealTicker[]): readonly Deal[] {
  return known.map((deal) => {
    const ticker = tickers.findLast((other) => other.dealId === deal.dealId);
    if (!ticker) return deal;
    const state = steps[ticker.state] >= steps[deal.state] ? ticker.state : deal.state;
    return { ...deal, ...ticker, state };
  });
}

/**
 * `prepared`: waits for its host; `scheduled`: for its time; `open`: pieces are left; `line`: all are taken, and some
 * may come back; `soldOut`: all are paid; `over`: its time is.
 */
export type DealPhase = "prepared" | "scheduled" | "open" | "line" | "soldOut" | "over";

export interface DealCardState {
  phase: DealPhase;
  /** Whole seconds until it begins or ends; null: nothing runs. */
  secondsLeft: number | null;
  /** Pieces that this buyer may still order. */
  mayBuy: number;
  /** Parts of the stock, 0 to 1. */
  soldShare: number;
  reservedShare: number;
}

export function phaseOf(deal: Deal, now: number): DealPhase {
  if (deal.state === "sold_out") return "soldOut";
  if (deal.state === "ended" || (deal.endsAt != null && deal.endsAt <= now)) return "over";
  // The room's word that it has opened takes a moment to get here; the clock is known already.
  if (deal.state === "scheduled" && !(deal.startsAt != null && deal.startsAt <= now)) {
    return deal.startsAt == null ? "prepared" : "scheduled";
  }
  return deal.left > 0 ? "open" : "line";
}

export function dealCard(deal: Deal, now: number, held: number): DealCardState {
  const phase = phaseOf(deal, now);
  const until = phase === "scheduled" ? deal.startsAt : phase === "open" || phase === "line" ? deal.endsAt : null;
  return {
    phase,
    secondsLeft: until == null ? null : secondsUntil(until, now),
    mayBuy: Math.max(0, deal.perBuyer - held),
    soldShare: deal.stock === 0 ? 0 : deal.sold / deal.stock,
    reservedShare: deal.stock === 0 ? 0 : deal.reserved / deal.stock,
  };
}

/** Whether something can be bought or waited for. */
export function isBuyable(phase: DealPhase): boolean {
  return phase === "open" || phase === "line";
}

/** Pieces that count against the limit: those held, paid, and waited for. */
export function piecesHeld(orders: readonly Order[], dealId: string): number {
  return orders
    .filter((order) => order.dealId === dealId && ["waiting", "reserved", "paying", "paid"].includes(order.status))
    .reduce((sum, order) => sum + order.quantity, 0);
}

/** Those that can be bought first, then those to come, the soonest in front; then the last that are over. */
export function inSaleOrder(deals: readonly Deal[], now: number): readonly Deal[] {
  const group = (deal: Deal) => {
    const phase = phaseOf(deal, now);
    return isBuyable(phase) ? 0 : phase === "scheduled" ? 1 : phase === "prepared" ? 2 : 3;
  };
  const due = (deal: Deal) => (group(deal) === 1 ? (deal.startsAt ?? 0) : (deal.endsAt ?? 0));
  return [...deals].sort((a, b) => group(a) - group(b) || (group(a) === 3 ? due(b) - due(a) : due(a) - due(b)));
}
