import { Store } from "../shell/store";
import { backoffMs } from "../wire/backoff";
import { buyStatuses, type BuyAnswer, type BuyStatus } from "../wire/deal-types";
import { hubCode } from "../wire/problem";

/** What somebody meant to do by one press: it keeps its key until the server has answered it. */
export interface Intention {
  dealId: string;
  quantity: number;
  key: string;
  /** When it was pressed, by this machine's clock. */
  at: number;
}

/**
 * `sending`: on its way; `unknown`: it was sent and the answer was lost, so that nobody knows here whether there is an
 * order, and the same key is asked again; `answered`: the server's word; `unsent`: no connection came in time, and
 * nothing was ordered.
 */
export type BuyState =
  | { phase: "sending" | "unknown" | "unsent"; intention: Intention }
  | { phase: "answered"; intention: Intention; answer: BuyAnswer; code?: string };

export interface BuyerPorts {
  buy(dealId: string, order: { quantity: number; key: string }): Promise<BuyAnswer>;
  /** Completes when the hub is live, or with false after a while. */
  whenLive(limitMs: number): Promise<boolean>;
  pause(ms: number): Promise<void>;
  newKey(): string;
  now(): number;
  /** Intentions without an answer survive a reload of the page. */
  keep(intentions: readonly Intention[]): void;
  kept(): readonly Intention[];
  /** Called with the server's word, before the card shows it. */
  answered(intention: Intention, answer: BuyAnswer, mark: number): void;
  /** Where pushes stand when an order is asked for. */
  mark(): number;
}

/** An intention that is older is not taken up again: who comes back much later has not pressed now. */
export const maxIntentionMs = 120_000;
/** What could not be sent for this long is not sent any more: it would come as a surprise. */
export const maxUnsentMs = 30_000;
const liveCheckMs = 5_000;
/** Between attempts people wait for, the pause does not grow past that of this attempt (a few seconds). */
const slowestAttempt = 3;

/**
 * Buys for one viewer in one room. A press is one intention with one key, and the key is asked until there is an
 * answer: the server takes a repeat for the same order, so that a bad network can neither lose an order nor make two.
 */
export class Buyer {
  readonly states = new Store<ReadonlyMap<string, BuyState>>(new Map());
  private stopped = false;

  constructor(private readonly ports: BuyerPorts) {}

  /** One press. While one is without an answer, another press on the same deal is the same intention. */
  async buy(dealId: string, quantity: number): Promise<void> {
    if (isUnderWay(this.states.value.get(dealId))) return;
    const intention = { dealId, quantity, key: this.ports.newKey(), at: this.ports.now() };
    this.ports.keep([...this.ports.kept(), intention]);
    await this.pursue(intention, "sending");
  }

  /** Asks again for what had no answer when the page was left or reloaded. */
  async resume(): Promise<void> {
    const fresh = this.ports.kept().filter((intention) => this.ports.now() - intention.at <= maxIntentionMs);
    this.ports.keep(fresh);
    const idle = fresh.filter((intention) => !isUnderWay(this.states.value.get(intention.dealId)));
    await Promise.all(idle.map((intention) => this.pursue(intention, "unknown")));
  }

  /** Nothing is asked any more; what has no answer is taken up by another one's `resume`. */
  stop(): void {
    this.stopped = true;
  }

  private async pursue(intention: Intention, phase: "sending" | "unknown"): Promise<void> {
    this.show({ phase, intention });
    for (let attempt = 0; !this.stopped; attempt++) {
      const live = await this.ports.whenLive(liveCheckMs);
      if (this.stopped) return;
      const neverSent = this.states.value.get(intention.dealId)?.phase === "sending";
      if (neverSent && this.ports.now() - intention.at > maxUnsentMs) return this.giveUp(intention);
      if (!live) continue;
      const mark = this.ports.mark();
      try {
        const { quantity, key } = intention;
        return this.settle(intention, await this.ports.buy(intention.dealId, { quantity, key }), mark);
      } catch (error) {
        const code = hubCode(error);
        if (code !== null && code !== "try_again") return this.settle(intention, refusal(code), mark, code);
        if (this.stopped) return;
        this.show({ phase: "unknown", intention });
        await this.ports.pause(backoffMs(Math.min(attempt, slowestAttempt)));
      }
    }
  }

  private settle(intention: Intention, answer: BuyAnswer, mark: number, code?: string): void {
    if (this.stopped) return;
    this.drop(intention);
    this.ports.answered(intention, answer, mark);
    this.show({ phase: "answered", intention, answer, ...(code === undefined ? {} : { code }) });
  }

  private giveUp(intention: Intention): void {
    this.drop(intention);
    this.show({ phase: "unsent", intention });
  }

  private drop(intention: Intention): void {
    this.ports.keep(this.ports.kept().filter((other) => other.key !== intention.key));
  }

  private show(state: BuyState): void {
    this.states.set(new Map(this.states.value).set(state.intention.dealId, state));
  }
}

/** Whether a press has no answer yet. */
export function isUnderWay(state: BuyState | undefined): boolean {
  return state?.phase === "sending" || state?.phase === "unknown";
}

/** A refusal of the hub itself, as the answer it amounts to. */
function refusal(code: string): BuyAnswer {
  const status = buyStatuses.find((known): known is BuyStatus => known === code);
  return { status: status ?? "invalid" };
}
