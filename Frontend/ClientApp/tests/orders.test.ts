import { describe, expect, it } from "vitest";
import { OrderBook, type OrderSource } from "../src/deals/order-book";
import { maxOrdersKept, ordersForCard, toPay, withNews, withOrders } from "../src/deals/orders";
import { payWith } from "../src/deals/paying";
import type { Order, OrderPage, OrderStatus } from "../src/wire/deal-types";
import { Problem } from "../src/wire/problem";
import { order } from "./things";

const statuses = (orders: readonly Order[]) => orders.map((one) => one.status);

describe("orders", () => {
  it("stand newest first, ids of one moment by their number", () => {
    const list = [order({ orderId: "9" }), order({ orderId: "10" }), order({ orderId: "8", createdAt: 5_000 })];
    expect(withOrders([], list).map((one) => one.orderId)).toEqual(["8", "10", "9"]);
  });

  it("never go back, whichever word comes last", () => {
    const forward: [OrderStatus, OrderStatus][] = [
      ["waiting", "reserved"],
      ["reserved", "paid"],
      ["paying", "expired"],
      ["expired", "refunded"],
    ];
    for (const [earlier, later] of forward) {
      expect(statuses(withOrders([order({ status: later })], [order({ status: earlier })]))).toEqual([later]);
      expect(statuses(withOrders([order({ status: earlier })], [order({ status: later })]))).toEqual([later]);
      expect(statuses(withNews([order({ status: later })], { ...order({ status: earlier }) })!)).toEqual([later]);
    }
  });

  it("stay as they were pushed while an answer of the same rank was under way", () => {
    const pushed = [order({ status: "paying" })];
    const sent = [order({ status: "reserved" })];
    expect(statuses(withOrders(pushed, sent, () => true))).toEqual(["paying"]);
    expect(statuses(withOrders(pushed, sent, () => false))).toEqual(["reserved"]);
  });

  it("take their place and their time from a push, and lose what is over", () => {
    const line = withNews([order({ status: "waiting", position: 12 })], {
      orderId: "900",
      dealId: "3",
      status: "waiting",
      position: 11,
    })!;
    expect(line[0]).toMatchObject({ position: 11, title: "Lipstick" });
    const turn = withNews(line, { orderId: "900", dealId: "3", status: "reserved", payBefore: 9 })!;
    expect(turn[0]).toMatchObject({ status: "reserved", payBefore: 9 });
    expect(turn[0]).not.toHaveProperty("position");
    expect(withNews([], { orderId: "1", dealId: "3", status: "paid" })).toBeNull();
  });

  it("are not kept without bound", () => {
    const many = Array.from({ length: maxOrdersKept + 9 }, (_, id) => order({ orderId: `${id}`, createdAt: id }));
    expect(withOrders([], many)).toHaveLength(maxOrdersKept);
  });

  it("to be paid are those that still can be", () => {
    const list = [order(), order({ orderId: "1", payBefore: 5 }), order({ orderId: "2", status: "paying" })];
    expect(toPay(list, 1_000).map((one) => one.orderId)).toEqual(["900"]);
  });

  it("of a card are the unfinished ones, or else the newest", () => {
    const old = order({ orderId: "1", status: "cancelled", createdAt: 1 });
    const paid = order({ orderId: "2", status: "paid", createdAt: 2 });
    expect(ordersForCard([paid, old], "3")).toEqual([paid]);
    expect(ordersForCard([paid, order({ orderId: "5" }), old], "3").map((one) => one.orderId)).toEqual(["5"]);
    expect(ordersForCard([order()], "4")).toEqual([]);
  });
});

/** A server whose answers come when the test says so. */
class SlowSource implements OrderSource {
  readonly questions: { what: string; answer: (value: never) => void; fail: (error: Error) => void }[] = [];

  page(after: string | null): Promise<OrderPage> {
    return this.ask(`page ${after ?? "first"}`);
  }
  one(orderId: string): Promise<Order> {
    return this.ask(`one ${orderId}`);
  }
  answer(what: string, value: OrderPage | Order): Promise<void> {
    const at = this.questions.findIndex((question) => question.what === what);
    if (at < 0) throw new Error(`Nobody asked for ${what}.`);
    this.questions.splice(at, 1)[0]!.answer(value as never);
    return new Promise((resolve) => setTimeout(resolve));
  }
  private ask<T>(what: string): Promise<T> {
    return new Promise((answer, fail) => this.questions.push({ what, answer, fail }));
  }
}

describe("the book of orders", () => {
  it("keeps a push that overtook the answer it belongs to", async () => {
    const source = new SlowSource();
    const book = new OrderBook(source);
    const done = book.refresh();
    book.pushedNews({ orderId: "900", dealId: "3", status: "paying", payBefore: 9 });
    await source.answer("one 900", order({ status: "paying" }));
    book.pushedNews({ orderId: "900", dealId: "3", status: "paid" });
    await source.answer("page first", { items: [order({ status: "reserved" })] });
    await done;
    expect(statuses(book.orders.value)).toEqual(["paid"]);
    expect(book.loaded.value).toBe(true);
  });

  it("takes an answer for newer than what was pushed before it was asked for, and no other", async () => {
    const source = new SlowSource();
    const book = new OrderBook(source);
    book.made(order(), book.mark());
    void book.refresh();
    book.pushedNews({ orderId: "900", dealId: "3", status: "paying", payBefore: 9 });
    await source.answer("page first", { items: [order({ status: "reserved" })] });
    expect(statuses(book.orders.value)).toEqual(["paying"]);
    void book.refresh();
    await source.answer("page first", { items: [order({ status: "reserved" })] });
    expect(statuses(book.orders.value)).toEqual(["reserved"]);
  });

  it("asks once for an order it does not know, and takes it over", async () => {
    const source = new SlowSource();
    const book = new OrderBook(source);
    book.pushedNews({ orderId: "7", dealId: "3", status: "waiting", position: 3 });
    book.pushedNews({ orderId: "7", dealId: "3", status: "waiting", position: 2 });
    expect(source.questions.map((question) => question.what)).toEqual(["one 7"]);
    await source.answer("one 7", order({ orderId: "7", status: "waiting", position: 2 }));
    expect(book.orders.value[0]).toMatchObject({ orderId: "7", position: 2 });
  });

  it("does not ask for a flood of orders all at once", () => {
    const source = new SlowSource();
    const book = new OrderBook(source);
    for (let id = 0; id < 500; id++) book.pushedNews({ orderId: `${id}`, dealId: "3", status: "waiting", position: 1 });
    expect(source.questions.length).toBeLessThanOrEqual(20);
  });

  it("pages on, and a new first page does not forget where it was", async () => {
    const source = new SlowSource();
    const book = new OrderBook(source);
    void book.refresh();
    await source.answer("page first", { items: [order({ orderId: "9", createdAt: 9, status: "paid" })], next: "9" });
    void book.loadMore();
    await source.answer("page 9", { items: [order({ orderId: "8", createdAt: 8, status: "paid" })], next: "8" });
    void book.refresh();
    await source.answer("page first", { items: [order({ orderId: "9", createdAt: 9, status: "paid" })], next: "9" });
    expect(book.next.value).toBe("8");
    expect(book.orders.value.map((one) => one.orderId)).toEqual(["9", "8"]);
  });

  it("asks singly for what is unfinished beyond the first page", async () => {
    const source = new SlowSource();
    const book = new OrderBook(source);
    book.made(order({ orderId: "2", createdAt: 2 }), book.mark());
    void book.refresh();
    await source.answer("page first", { items: [order({ orderId: "9", createdAt: 9, status: "paid" })] });
    await source.answer("one 2", order({ orderId: "2", createdAt: 2, status: "expired" }));
    expect(statuses(book.orders.value)).toEqual(["paid", "expired"]);
  });

  it("takes nothing over from who was signed in before", async () => {
    const source = new SlowSource();
    const book = new OrderBook(source);
    void book.refresh();
    book.reset();
    await source.answer("page first", { items: [order()] });
    expect(book.orders.value).toEqual([]);
    expect(book.loaded.value).toBe(false);
  });

  it("tells when an order has become something else, once", async () => {
    const book = new OrderBook(new SlowSource());
    const turns: string[] = [];
    book.onTurn((before, after) => turns.push(`${before.status} ${after.status}`));
    book.made(order({ status: "waiting", position: 2 }), book.mark());
    book.pushedNews({ orderId: "900", dealId: "3", status: "waiting", position: 1 });
    book.pushedNews({ orderId: "900", dealId: "3", status: "reserved", payBefore: 99 });
    await book.after(() => Promise.resolve(order({ status: "paid", declined: null })));
    book.pushedNews({ orderId: "900", dealId: "3", status: "paid" });
    expect(turns).toEqual(["waiting reserved", "reserved paid"]);
  });
});

describe("paying", () => {
  const ports = (answers: (Order | Error)[], keys: string[] = []) => {
    const pauses: number[] = [];
    return {
      pauses,
      keys,
      lostTimes: 0,
      pay(key: string) {
        keys.push(key);
        const next = answers.shift()!;
        return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
      },
      pause(ms: number) {
        pauses.push(ms);
        return Promise.resolve();
      },
      lost() {
        this.lostTimes++;
      },
      isLeft: () => answers.length === 0,
    };
  };

  it("asks with the same key until there is an answer", async () => {
    const lost = [new Problem("network"), new Problem("try_again", 503), new Error("odd")];
    const way = ports([...lost, order({ status: "paid" })]);
    expect(await payWith("pay-1", way)).toEqual({ kind: "paid" });
    expect(way.keys).toEqual(["pay-1", "pay-1", "pay-1", "pay-1"]);
    expect(way.lostTimes).toBe(3);
    expect(way.pauses.every((ms) => ms > 0)).toBe(true);
  });

  it.each([
    [order({ status: "paying" }), { kind: "pending" }],
    [order({ status: "reserved", declined: "insufficient_funds" }), { kind: "declined", reason: "insufficient_funds" }],
    [order({ status: "expired" }), { kind: "refused", code: "order_expired" }],
    [new Problem("order_expired", 409), { kind: "refused", code: "order_expired" }],
    [new Problem("rate_limited", 429), { kind: "refused", code: "rate_limited" }],
  ])("says what came of it: %j", async (answer, outcome) => {
    const way = ports([answer, order()]);
    expect(await payWith("k", way)).toEqual(outcome);
    expect(way.keys).toHaveLength(1);
  });

  it("gives up only when nobody waits any more", async () => {
    expect(await payWith("k", ports([new Problem("network"), new Problem("network")]))).toBeNull();
  });
});
