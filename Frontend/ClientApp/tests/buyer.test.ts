import { describe, expect, it } from "vitest";
import contract from "../../../Grains.Interfaces/Deals/Orders.cs?raw";
import dealContract from "../../../Grains.Interfaces/Deals/Deal.cs?raw";
import { buyText } from "../src/deals/buy-text";
import { Buyer, maxIntentionMs, maxUnsentMs, type BuyerPorts, type Intention } from "../src/deals/buyer";
import { isMessageKey } from "../src/i18n/messages";
import { buyStatuses, type BuyAnswer, type OrderStatus } from "../src/wire/deal-types";
import { deal } from "./things";
import { namesOf } from "./wire-names";

const accepted: BuyAnswer = { status: "accepted", orderId: "900", order: "reserved", payBefore: 9 };

/** A server and a browser, in a few lines. */
class Bench implements BuyerPorts {
  readonly sent: { dealId: string; quantity: number; key: string }[] = [];
  readonly answers: (BuyAnswer | Error)[] = [];
  readonly told: { intention: Intention; answer: BuyAnswer; mark: number }[] = [];
  storage: readonly Intention[] = [];
  clock = 1_000;
  live = true;
  pauses = 0;
  private keys = 0;

  async buy(dealId: string, order: { quantity: number; key: string }): Promise<BuyAnswer> {
    this.sent.push({ dealId, ...order });
    const next = this.answers.shift();
    if (next === undefined) return new Promise(() => undefined);
    if (next instanceof Error) throw next;
    return next;
  }
  async whenLive() {
    await new Promise((resolve) => setTimeout(resolve));
    return this.live;
  }
  async pause() {
    this.pauses++;
  }
  newKey = () => `k${++this.keys}`;
  now = () => this.clock;
  keep = (intentions: readonly Intention[]) => void (this.storage = intentions);
  kept = () => this.storage;
  mark = () => this.sent.length;
  answered = (intention: Intention, answer: BuyAnswer, mark: number) => this.told.push({ intention, answer, mark });
}

const lost = () => new Error("Invocation canceled due to the underlying connection being closed.");
const unsure = () => new Error("An unexpected error occurred. HubException: try_again: The outcome is unknown.");
const phaseOf = (buyer: Buyer) => buyer.states.value.get("3")?.phase;

describe("a press on the button", () => {
  it("is one order with one key, however often the answer is lost", async () => {
    const bench = new Bench();
    bench.answers.push(lost(), unsure(), lost(), accepted);
    const buyer = new Buyer(bench);
    await buyer.buy("3", 2);
    expect(bench.sent).toEqual(Array.from({ length: 4 }, () => ({ dealId: "3", quantity: 2, key: "k1" })));
    expect(bench.pauses).toBe(3);
    expect(bench.told).toHaveLength(1);
    // Pushes since the attempt that was answered are newer than its answer; those before are not.
    expect(bench.told[0]!.mark).toBe(3);
    expect(buyer.states.value.get("3")).toMatchObject({ phase: "answered", answer: accepted });
    expect(bench.storage).toEqual([]);
  });

  it("while another one has no answer is that one", async () => {
    const bench = new Bench();
    const buyer = new Buyer(bench);
    void buyer.buy("3", 1);
    await buyer.buy("3", 1);
    await buyer.buy("3", 5);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(bench.sent).toHaveLength(1);
    expect(bench.storage).toHaveLength(1);
    expect(phaseOf(buyer)).toBe("sending");
  });

  it("after an answer is a new one with a new key", async () => {
    const bench = new Bench();
    bench.answers.push({ status: "sold_out" }, accepted);
    const buyer = new Buyer(bench);
    await buyer.buy("3", 1);
    await buyer.buy("3", 1);
    expect(bench.sent.map((one) => one.key)).toEqual(["k1", "k2"]);
  });

  it("on two deals is two orders", async () => {
    const bench = new Bench();
    bench.answers.push(accepted, accepted);
    const buyer = new Buyer(bench);
    await Promise.all([buyer.buy("3", 1), buyer.buy("4", 1)]);
    expect(bench.sent.map((one) => one.key).sort()).toEqual(["k1", "k2"]);
  });

  it("waits for a connection and says nothing it does not know", async () => {
    const bench = new Bench();
    bench.live = false;
    const buyer = new Buyer(bench);
    const done = buyer.buy("3", 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(bench.sent).toEqual([]);
    expect(phaseOf(buyer)).toBe("sending");
    bench.live = true;
    bench.answers.push(accepted);
    await done;
    expect(phaseOf(buyer)).toBe("answered");
  });

  it("that could not be sent for long is not sent any more, and nothing was ordered", async () => {
    const bench = new Bench();
    bench.live = false;
    const buyer = new Buyer(bench);
    const done = buyer.buy("3", 1);
    bench.clock += maxUnsentMs + 1;
    await done;
    expect(phaseOf(buyer)).toBe("unsent");
    expect(bench.storage).toEqual([]);
    bench.live = true;
    bench.answers.push(accepted);
    await buyer.buy("3", 1);
    expect(bench.sent.map((one) => one.key)).toEqual(["k2"]);
  });

  it("that was sent is never given up: it may be an order", async () => {
    const bench = new Bench();
    bench.answers.push(lost(), accepted);
    bench.pause = async () => void (bench.clock += 10 * maxUnsentMs);
    const buyer = new Buyer(bench);
    await buyer.buy("3", 1);
    expect(phaseOf(buyer)).toBe("answered");
    expect(bench.sent).toHaveLength(2);
  });

  it("with a refusal of the hub itself is answered by it", async () => {
    const bench = new Bench();
    bench.answers.push(new Error("HubException: rate_limited: Try again in 80 ms."));
    const buyer = new Buyer(bench);
    await buyer.buy("3", 1);
    expect(buyer.states.value.get("3")).toMatchObject({ answer: { status: "rate_limited" }, code: "rate_limited" });
  });
});

describe("what had no answer when the page went", () => {
  it("is asked for again with its key, and is said to be unknown meanwhile", async () => {
    const first = new Bench();
    const gone = new Buyer(first);
    first.answers.push(lost());
    const pressed = gone.buy("3", 1);
    gone.stop();
    await pressed;
    const bench = new Bench();
    bench.storage = first.storage;
    const buyer = new Buyer(bench);
    const done = buyer.resume();
    expect(phaseOf(buyer)).toBe("unknown");
    bench.answers.push(accepted);
    await done;
    expect(bench.sent).toEqual([{ dealId: "3", quantity: 1, key: "k1" }]);
    expect(bench.storage).toEqual([]);
  });

  it("is not asked for when it is long ago, or asked for already", async () => {
    const bench = new Bench();
    bench.clock = 10 * maxIntentionMs;
    bench.storage = [{ dealId: "3", quantity: 1, key: "old", at: 9 * maxIntentionMs - 1 }];
    const buyer = new Buyer(bench);
    await buyer.resume();
    expect(bench.sent).toEqual([]);
    expect(bench.storage).toEqual([]);
    void buyer.buy("3", 1);
    await buyer.resume();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(bench.sent).toHaveLength(1);
  });

  it("tells nothing to who has left", async () => {
    const bench = new Bench();
    const buyer = new Buyer(bench);
    bench.answers.push(accepted);
    const done = buyer.buy("3", 1);
    buyer.stop();
    await done;
    expect(bench.told).toEqual([]);
    expect(bench.storage).toHaveLength(1);
  });
});

describe("every answer of the server", () => {
  it("is known to the page", () => expect(namesOf(contract, "BuyStatus").sort()).toEqual([...buyStatuses].sort()));

  it.each(buyStatuses)("%s has words of its own", (status) => {
    const said = buyText({ status }, deal({ condition: { kind: "voted" } }));
    expect(said.key).toBe(status === "not_eligible" ? "buy.unmet.voted" : `buy.${status}`);
    expect(said.tone === "good").toBe(status === "accepted");
  });

  it("about an old key says what its order is by now", () => {
    const said = (order: OrderStatus) => buyText({ ...accepted, order }, deal());
    expect(said("expired")).toMatchObject({ key: "order.status.expired", tone: "note" });
    expect(said("paid")).toMatchObject({ key: "order.status.paid", tone: "good" });
  });

  it.each(namesOf(contract, "OrderStatus"))("about an order, %s, has a text", (status) => {
    expect(isMessageKey(`order.status.${status}`)).toBe(true);
    expect(status === "reserved" || isMessageKey(`order.explain.${status}`)).toBe(true);
  });

  it("about a deal is one of four states", () => {
    expect(namesOf(dealContract, "DealState")).toEqual(["scheduled", "open", "sold_out", "ended"]);
  });
});
