import { newKey } from "../room/text";
import { recall, remember } from "../shell/storage";
import type { BuyAnswer, Deal } from "../wire/deal-types";
import type { Hub } from "../wire/hub";
import { serverClock } from "../wire/server-clock";
import { session } from "../wire/session";
import { Buyer, type Intention } from "./buyer";
import { times } from "./money";
import { myOrders, refreshOrders } from "./my-orders";

const storageKey = "rednote.buying";
/** Intentions remembered over a reload, of all rooms; a press more than that forgets the oldest. */
const maxKept = 20;

/** An intention and whose it is. */
interface Kept extends Intention {
  userId: string;
  roomId: string;
}

function allKept(): Kept[] {
  try {
    const list: unknown = JSON.parse(recall(storageKey) ?? "[]");
    return Array.isArray(list) ? (list as Kept[]) : [];
  } catch {
    return [];
  }
}

/** The buyer of who is signed in, in one room. */
export function buyerOfRoom(
  roomId: string,
  userId: string,
  hub: Hub,
  dealOf: (dealId: string) => Deal | undefined,
): Buyer {
  const mine = (kept: Kept) => kept.userId === userId && kept.roomId === roomId;
  return new Buyer({
    // Pressed as one, sent as one: a connection that speaks for somebody else by now must not carry it.
    buy: (dealId, order) =>
      session.value?.userId === userId
        ? hub.invoke<BuyAnswer>("Buy", roomId, dealId, order)
        : Promise.reject(new Error("somebody else is signed in")),
    whenLive: (limitMs) => hub.whenLive(limitMs),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    newKey,
    now: Date.now,
    keep: (intentions) => {
      const others = allKept().filter((kept) => !mine(kept));
      const own = intentions.map((intention) => ({ ...intention, userId, roomId }));
      remember(storageKey, JSON.stringify([...others, ...own].slice(-maxKept)));
    },
    kept: () => allKept().filter(mine),
    answered: (intention, answer, mark) => {
      const deal = dealOf(intention.dealId);
      if (answer.orderId && deal) myOrders.made(orderOf(deal, intention, answer), mark);
      else if (answer.orderId) void refreshOrders().catch(() => undefined);
    },
    mark: () => myOrders.mark(),
  });
}

/** The order that an answer speaks of, as far as the answer and the deal tell. */
function orderOf(deal: Deal, { quantity }: Intention, answer: BuyAnswer) {
  return {
    orderId: answer.orderId!,
    dealId: deal.dealId,
    roomId: deal.roomId,
    title: deal.title,
    quantity,
    total: times(deal.price, quantity),
    status: answer.order ?? (answer.status === "waiting" ? ("waiting" as const) : ("reserved" as const)),
    createdAt: serverClock.now(),
    ...(answer.payBefore == null ? {} : { payBefore: answer.payBefore }),
    ...(answer.position == null ? {} : { position: answer.position }),
  };
}
