import { backoffMs } from "../wire/backoff";
import type { Order } from "../wire/deal-types";
import { Problem } from "../wire/problem";

/** How an attempt to pay ended. `pending`: the provider has not said yet; the order is kept and a push will tell. */
export type PayOutcome =
  | { kind: "paid" | "pending" }
  | { kind: "declined"; reason: string }
  | { kind: "refused"; code: string };

/** Answers after which nobody knows whether the payment was begun: the same key asks again. */
const unknownCodes = new Set(["network", "try_again", "unknown"]);
const slowestAttempt = 3;

export interface PayPorts {
  pay(key: string): Promise<Order>;
  pause(ms: number): Promise<void>;
  /** The answer was lost and is asked for again. */
  lost(): void;
  /** Nobody waits for it any more. */
  isLeft(): boolean;
}

/** Pays with one key until there is an answer. Null: it was left before. */
export async function payWith(key: string, ports: PayPorts): Promise<PayOutcome | null> {
  for (let attempt = 0; !ports.isLeft(); attempt++) {
    try {
      return outcomeOf(await ports.pay(key));
    } catch (error) {
      const code = error instanceof Problem ? error.code : "unknown";
      if (!unknownCodes.has(code)) return { kind: "refused", code };
      ports.lost();
      await ports.pause(backoffMs(Math.min(attempt, slowestAttempt)));
    }
  }
  return null;
}

function outcomeOf(order: Order): PayOutcome {
  if (order.status === "paid") return { kind: "paid" };
  if (order.status === "paying") return { kind: "pending" };
  if (order.declined != null) return { kind: "declined", reason: order.declined };
  // The key's payment is settled, and the order is something else by now (expired, refunded).
  return { kind: "refused", code: order.status === "expired" ? "order_expired" : "wrong_state" };
}
