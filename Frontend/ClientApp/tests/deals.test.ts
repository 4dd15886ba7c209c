import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { boardSeconds, filled, Pace, percentText } from "../src/deals/board";
import { dealOf, emptyDraft, faultsOf } from "../src/deals/deal-draft";
import {
  dealCard,
  inSaleOrder,
  maxOverKept,
  phaseOf,
  piecesHeld,
  withDeals,
  withDealTickers,
} from "../src/deals/deals";
import { moneyParts, moneyText, parseMoney, percentOff } from "../src/deals/money";
import { maxLinesWaiting, NewsGatherer } from "../src/deals/order-news";
import { cardOf, chipsOf } from "../src/room/dock";
import { thingsAfter, thingsAtJoin } from "../src/room/room-view";
import { countdownParts } from "../src/shell/now";
import type { DealTicker } from "../src/wire/deal-types";
import { deal, event, frame, join, order, things } from "./things";

const ticker = (more: Partial<DealTicker> = {}): DealTicker => ({
  dealId: "3",
  left: 5,
  sold: 70,
  reserved: 25,
  state: "open",
  waiting: 2,
  lowStock: true,
  ...more,
});

describe("a deal's card", () => {
  it("counts down to the start, then to the end, by the clock and not by the word of the room", () => {
    const scheduled = deal({ state: "scheduled", startsAt: 10_000, endsAt: 70_000 });
    expect(dealCard(scheduled, 1_000, 0)).toMatchObject({ phase: "scheduled", secondsLeft: 9 });
    expect(dealCard(scheduled, 10_000, 0)).toMatchObject({ phase: "open", secondsLeft: 60 });
    expect(dealCard(scheduled, 70_000, 0)).toMatchObject({ phase: "over", secondsLeft: null });
    expect(dealCard(deal(), 60_001, 0).secondsLeft).toBe(1);
  });

  it("says a line while pieces may come back, and sold out only when all are paid", () => {
    expect(phaseOf(deal({ left: 0, reserved: 70 }), 2_000)).toBe("line");
    expect(phaseOf(deal({ left: 0, sold: 100, reserved: 0, state: "sold_out" }), 2_000)).toBe("soldOut");
    expect(phaseOf(deal({ state: "ended" }), 2_000)).toBe("over");
    const { startsAt: _, endsAt: __, ...rest } = deal({ state: "scheduled" });
    expect(phaseOf(rest, 2_000)).toBe("prepared");
  });

  it("leaves what the limit leaves, and shows the parts of the stock", () => {
    expect(dealCard(deal(), 2_000, 1)).toMatchObject({ mayBuy: 1, soldShare: 0.3, reservedShare: 0.1 });
    expect(dealCard(deal(), 2_000, 3).mayBuy).toBe(0);
  });

  it("counts what is held, paid and waited for against the limit, not what was given back", () => {
    const statuses = ["waiting", "reserved", "paying", "paid", "cancelled", "expired", "refunded"] as const;
    const orders = statuses.map((status, index) => order({ orderId: `${index}`, status, quantity: 2 }));
    expect(piecesHeld([...orders, order({ dealId: "4", quantity: 50 })], "3")).toBe(8);
  });
});

describe("deals of a room", () => {
  it("come with the join, with events, and change by tickers", () => {
    const here = thingsAtJoin(things(), join({ deals: [deal()] }));
    expect(here.deals).toEqual([deal()]);
    const next = thingsAfter(here, frame({ deals: [ticker()] }));
    const { dealId: _, ...numbers } = ticker();
    expect(next.deals[0]).toMatchObject({ ...numbers, title: "Lipstick" });
    const opened = thingsAfter(here, frame({ events: [event("deal_opened", { deal: deal({ dealId: "4" }) })] }));
    expect(opened.deals.map((one) => one.dealId)).toEqual(["3", "4"]);
  });

  it("count what an event of the same frame has opened, and are not reopened by a late word", () => {
    const begun = frame({ events: [event("deal_opened", { deal: deal() })], deals: [ticker()] });
    expect(thingsAfter(things(), begun).deals[0]!.left).toBe(5);
    const over = thingsAfter(things({ deals: [deal({ state: "ended" })] }), begun);
    expect(over.deals[0]).toMatchObject({ state: "ended", left: 5 });
    expect(withDeals([deal({ state: "sold_out" })], [deal({ state: "open" })])[0]!.state).toBe("sold_out");
    expect(withDeals([deal({ state: "sold_out" })], [deal({ state: "ended" })])[0]!.state).toBe("ended");
  });

  it("of which nothing changed are the same things as before", () => {
    const known = [deal({ dealId: "7" }), deal()];
    expect(withDealTickers(known, [ticker()])[0]).toBe(known[0]);
    expect(thingsAfter(things({ deals: known }), frame({})).deals).toBe(known);
  });

  it("that are over go when there are many, open ones never", () => {
    const many = Array.from({ length: maxOverKept + 4 }, (_, id) => deal({ dealId: `o${id}`, state: "ended" }));
    const kept = withDeals([deal()], many);
    expect(kept).toHaveLength(maxOverKept + 1);
    expect(kept[0]!.dealId).toBe("3");
  });

  it("stand as they are worth looking at: on now, soon, over", () => {
    const list = [
      deal({ dealId: "over", state: "ended", endsAt: 5 }),
      deal({ dealId: "later", state: "scheduled", startsAt: 90_000 }),
      deal({ dealId: "long", endsAt: 80_000 }),
      deal({ dealId: "soon", state: "scheduled", startsAt: 20_000 }),
      deal({ dealId: "short", endsAt: 30_000 }),
    ];
    const names = inSaleOrder(list, 2_000).map((one) => one.dealId);
    expect(names).toEqual(["short", "long", "soon", "later", "over"]);
  });
});

describe("the dock", () => {
  const chips = (orders = [] as ReturnType<typeof order>[]) =>
    chipsOf(things({ deals: [deal()] }), 2_000, () => false, orders);

  it("calls for a deal until it is ordered, and for orders that wait to be paid", () => {
    expect(chips()[0]).toMatchObject({ card: "deal:3", title: "Lipstick", calls: true, secondsLeft: 59 });
    expect(chips().some((chip) => chip.kind === "orders")).toBe(false);
    const ordered = chips([order()]);
    expect(ordered[0]!.calls).toBe(false);
    expect(ordered.find((chip) => chip.kind === "orders")).toMatchObject({ calls: true, count: 1 });
    const late = chips([order({ payBefore: 1_999 })]).find((chip) => chip.kind === "orders");
    expect(late).toMatchObject({ calls: false, count: 0 });
  });

  it("does not call the host for a deal of the host's own", () => {
    const room = things({ deals: [deal()] });
    expect(chipsOf(room, 2_000, () => false, [], "2")[0]!.calls).toBe(false);
    expect(chipsOf(room, 2_000, () => false, [], "7")[0]!.calls).toBe(true);
  });

  it("brings up a deal that opens or is announced, not one that ends", () => {
    for (const kind of ["deal_opened", "deal_scheduled"]) {
      expect(cardOf(event(kind, { deal: deal() }), () => false)).toBe("deal:3");
    }
    expect(cardOf(event("deal_ended", { deal: deal() }), () => false)).toBeNull();
  });
});

describe("money", () => {
  const yuan = (amount: number) => ({ amount, currency: "CNY" });

  it("is written in the language's way, with exact cents however large", () => {
    expect(moneyText("zh", yuan(1_990))).toBe("¥19.90");
    expect(moneyText("en", yuan(5))).toBe("¥0.05");
    expect(moneyText("en", yuan(999_999_999_999_999))).toBe("¥9,999,999,999,999.99");
    expect(moneyText("en", { amount: 1_990, currency: "JPY" })).toBe("¥1,990");
    expect(moneyParts("zh", yuan(123_450))).toEqual({ sign: "¥", whole: "1,234", fraction: ".50" });
  });

  it.each([
    ["19.9", 1_990],
    ["19.90", 1_990],
    ["¥1,234.5", 123_450],
    ["0", 0],
    [" 7. ", 700],
  ])("typed as %j is %i fen", (typed, amount) => expect(parseMoney(typed, "CNY")).toEqual(yuan(amount)));

  it.each(["", "-1", "1.999", "1e3", "abc", "1.2.3", "."])("%j is none", (typed) =>
    expect(parseMoney(typed, "CNY")).toBeNull(),
  );

  it("off the list price never claims more than it is", () => {
    expect(percentOff(yuan(1_990), yuan(3_900))).toBe(48);
    expect(percentOff(yuan(100), yuan(100))).toBe(0);
    expect(percentOff(yuan(100), null)).toBe(0);
    expect(percentOff(yuan(1), { amount: 100, currency: "USD" })).toBe(0);
  });
});

describe("a countdown", () => {
  it("has hours only when there are some, and days apart", () => {
    expect(countdownParts(75)).toEqual({ days: 0, digits: ["01", "15"] });
    expect(countdownParts(3_700)).toEqual({ days: 0, digits: ["01", "01", "40"] });
    expect(countdownParts(2 * 86_400 + 61)).toEqual({ days: 2, digits: ["00", "01", "01"] });
    expect(countdownParts(-3).digits).toEqual(["00", "00"]);
  });
});

describe("announcements", () => {
  const said = (more: Record<string, unknown>) => event("order_announced", { dealId: "3", ...more });

  it("come one by one when they can be read, and added up when they cannot", () => {
    const news = new NewsGatherer();
    news.take(said({ name: "小红***", quantity: 2, orders: 1, pieces: 2 }));
    expect(news.next()).toMatchObject({ name: "小红***", orders: 1, pieces: 2 });
    expect(news.next()).toBeNull();
    news.take(said({ name: "A***", quantity: 1, orders: 50, pieces: 70 }));
    news.take(said({ name: "B***", quantity: 3, orders: 7, pieces: 10 }));
    news.take(said({ dealId: "4", name: "C***", quantity: 1, orders: 1, pieces: 1 }));
    expect(news.next()).toMatchObject({ dealId: "3", name: "B***", orders: 57, pieces: 80 });
    expect(news.next()).toMatchObject({ dealId: "4", orders: 1 });
  });

  it("of many deals do not pile up", () => {
    const news = new NewsGatherer();
    for (let id = 0; id < maxLinesWaiting + 5; id++) {
      news.take(said({ dealId: `${id}`, name: "A", orders: 1, pieces: 1 }));
    }
    expect(news.next()!.dealId).toBe("5");
    for (let i = 1; i < maxLinesWaiting; i++) expect(news.next()).not.toBeNull();
    expect(news.next()).toBeNull();
  });

  it("that say nothing are passed over", () => {
    const news = new NewsGatherer();
    news.take(said({ name: "A", orders: 0, pieces: 0 }));
    news.take(said({ name: "", orders: 1, pieces: 1 }));
    expect(news.next()).toBeNull();
  });
});

describe("the board's chart", () => {
  const second = (at: number, ordered: number) => ({ at, ordered, paid: 0, returned: 0, gmv: deal().price });

  it("has zeros where nothing happened, up to now", () => {
    const values = filled([second(10_000, 4), second(12_000, 2)], 13_900, (one) => one.ordered);
    expect(values).toEqual([0, 4, 0, 2, 0]);
  });

  it("looks back as far as it can show, and is empty when nothing ever happened", () => {
    expect(filled([second(0, 1), second(500_000, 3)], 500_000, (one) => one.ordered)).toHaveLength(boardSeconds);
    expect(filled([], 5_000, (one) => one.ordered)).toEqual([]);
  });

  it("rounds no share to nothing or to everything", () => {
    expect([0, 0.001, 0.414, 0.999, 1].map(percentText)).toEqual(["0%", "<1%", "41%", "99%", "100%"]);
  });
});

describe("Pace", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("works at once, then at most once in its time, and never leaves out the last request", async () => {
    let done = 0;
    const pace = new Pace(1_000, () => Promise.resolve(void done++));
    for (let i = 0; i < 5; i++) pace.ask();
    expect(done).toBe(1);
    await vi.advanceTimersByTimeAsync(999);
    expect(done).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toBe(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(done).toBe(2);
  });

  it("does not ask twice at the same time, and stops when it is told to", async () => {
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      running--;
    };
    const pace = new Pace(1_000, work);
    for (let i = 0; i < 40; i++) {
      pace.ask();
      await vi.advanceTimersByTimeAsync(250);
    }
    expect(most).toBe(1);
    pace.ask();
    pace.stop();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(running).toBe(0);
  });
});

describe("the host's form", () => {
  const draft = { ...emptyDraft, title: " 丝绒口红 ", price: "19.9", stock: "1000" };

  it("makes what the server takes", () => {
    expect(dealOf(draft, 0)).toEqual({
      title: "丝绒口红",
      price: { amount: 1_990, currency: "CNY" },
      stock: 1_000,
      perBuyer: 1,
      seconds: 600,
      payWithinSeconds: 300,
      condition: { kind: "none" },
      prepared: false,
    });
    const at = "2030-01-01T20:00";
    expect(dealOf({ ...draft, when: "later", at, listPrice: "39" }, 0)).toMatchObject({
      listPrice: { amount: 3_900, currency: "CNY" },
      startsAt: new Date(at).getTime(),
    });
    expect(dealOf({ ...draft, when: "prepared" }, 0)).toMatchObject({ prepared: true });
  });

  it.each([
    { title: "" },
    { title: "x".repeat(61) },
    { price: "" },
    { price: "ten" },
    { price: "10000000.01" },
    { listPrice: "19.90" },
    { stock: "0" },
    { stock: "1000001" },
    { perBuyer: "1.5" },
    { when: "later" as const, at: "" },
    { when: "later" as const, at: "1999-01-01T00:00" },
    { condition: { kind: "password" as const, phrase: " ", watched: 60 } },
  ])("sends nothing with %j", (change) => expect(dealOf({ ...draft, ...change }, Date.now())).toBeNull());

  it("calls wrong what was filled in, not what is still empty", () => {
    expect(Object.values(faultsOf(emptyDraft, 0))).not.toContain(true);
    expect(faultsOf({ ...draft, listPrice: "3" }, 0)).toMatchObject({ listPrice: true, price: false });
  });
});
