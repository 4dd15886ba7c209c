import { dealCard, inSaleOrder, isBuyable, piecesHeld } from "../deals/deals";
import { isUnfinished, toPay } from "../deals/orders";
import { drawCard } from "../draws/draws";
import { pollCard } from "../polls/polls";
import type { Deal, Order } from "../wire/deal-types";
import type { Draw, Poll, RoomEvent } from "../wire/types";
import type { RoomThings } from "./room-view";

/** Names a card: `poll:ID`, `draw:ID`, `deal:ID`, `orders`, `questions`, `fans`. */
export type CardName = string;

export interface Chip {
  card: CardName;
  kind: "poll" | "draw" | "deal" | "orders" | "questions" | "fans";
  /** What it is about, where several of a kind stand side by side; empty: the kind says enough. */
  title: string;
  /** Of a countdown; null: nothing runs. */
  secondsLeft: number | null;
  /** Something to do here: not voted, not entered. */
  calls: boolean;
  /** A result, or how many questions there are. */
  done: boolean;
  count: number;
}

/** Results that keep a chip after they are out; older ones make room. */
const resultsWithChip = 2;

/** A chip that may be a result; `at`: when it was over. */
type Dated = Chip & { at: number };

const still = { secondsLeft: null, calls: false, done: false, count: 0, title: "" };

/** What can be opened, those that run first. Nobody is called to buy what is their own. Pure. */
export function chipsOf(
  things: RoomThings,
  now: number,
  joined: (drawId: string) => boolean,
  orders: readonly Order[] = [],
  userId?: string,
): readonly Chip[] {
  const own = userId !== undefined && things.room?.hostId === userId;
  const all = [
    ...inSaleOrder(things.deals, now).map((deal) => dealChip(deal, now, orders, own)),
    ...things.polls.map((poll) => pollChip(poll, now)),
    ...things.draws.map((draw) => drawChip(draw, now, joined(draw.drawId))),
  ];
  const results = all.filter((chip) => chip.done).sort((a, b) => b.at - a.at);
  const open = things.questions.filter((question) => question.state === "open").length;
  const due = toPay(orders, now).length;
  const mine: Chip[] =
    orders.length === 0 ? [] : [{ ...still, card: "orders", kind: "orders", count: due, calls: due > 0 }];
  return [
    ...[...all.filter((chip) => !chip.done), ...results.slice(0, resultsWithChip)].map(({ at: _, ...chip }) => chip),
    ...mine,
    { ...still, card: "questions", kind: "questions", count: open },
    { ...still, card: "fans", kind: "fans" },
  ];
}

function dealChip(deal: Deal, now: number, orders: readonly Order[], own: boolean): Dated {
  const state = dealCard(deal, now, piecesHeld(orders, deal.dealId));
  const ordered = orders.some((order) => order.dealId === deal.dealId && isUnfinished(order));
  return {
    ...still,
    card: `deal:${deal.dealId}`,
    kind: "deal",
    title: deal.title,
    secondsLeft: state.secondsLeft,
    calls: isBuyable(state.phase) && state.mayBuy > 0 && !ordered && !own,
    done: state.phase === "over" || state.phase === "soldOut",
    at: deal.endsAt ?? 0,
  };
}

function pollChip(poll: Poll, now: number): Dated {
  const state = pollCard(poll, now);
  return {
    ...still,
    card: `poll:${poll.pollId}`,
    kind: "poll",
    secondsLeft: poll.closed ? null : state.secondsLeft,
    calls: state.phase === "open",
    done: poll.closed,
    at: poll.closesAt,
  };
}

function drawChip(draw: Draw, now: number, joined: boolean): Dated {
  const state = drawCard(draw, now, joined, undefined);
  const decided = draw.winnerIds != null;
  return {
    ...still,
    card: `draw:${draw.drawId}`,
    kind: "draw",
    secondsLeft: decided ? null : state.secondsLeft,
    calls: state.phase === "open",
    done: decided,
    at: draw.closesAt,
  };
}

/** The card that an event brings up by itself, if any: what is new, and results of what one took part in. */
export function cardOf(event: RoomEvent, joined: (drawId: string) => boolean): CardName | null {
  const poll = event["poll"] as { pollId: string } | undefined;
  const draw = event["draw"] as { drawId: string } | undefined;
  const deal = event["deal"] as { dealId: string } | undefined;
  if ((event.kind === "deal_opened" || event.kind === "deal_scheduled") && deal) return `deal:${deal.dealId}`;
  if (event.kind === "poll_opened" && poll) return `poll:${poll.pollId}`;
  if (event.kind === "draw_opened" && draw) return `draw:${draw.drawId}`;
  if (event.kind === "draw_result" && draw && joined(draw.drawId)) return `draw:${draw.drawId}`;
  return null;
}
