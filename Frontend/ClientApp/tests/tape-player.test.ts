import { describe, expect, it } from "vitest";
import { aheadMs, contextMs, maxStepMs, maxWaiting, speeds, TapePlayer, type Due } from "../src/replay/tape-player";
import type { TapeItem, TapePage } from "../src/wire/host-types";

/** What the product promises: a danmaku is on the screen within this of its media time. */
const promiseMs = 100;
const pageSize = 500;

/** A tape as the server pages it: by media time, then by the item's number where many share one. */
function tapeOf(items: readonly TapeItem[]) {
  const asked: string[] = [];
  const page = (from: string): TapePage => {
    asked.push(from);
    const [at, after] = from.split(".").map(Number) as [number, number | undefined];
    const first = items.findIndex((item, index) => item.at > at || (item.at === at && index + 1 > (after ?? 0)));
    const found = first < 0 ? [] : items.slice(first, first + pageSize);
    const end = first + found.length;
    return { items: found, next: first >= 0 && end < items.length ? `${items[end - 1]!.at}.${end}` : null };
  };
  return { page, asked };
}

const said = (at: number, seq: number): TapeItem => ({ at, kind: "danmaku", seq });
const settle = async () => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

interface Shown {
  item: TapeItem;
  /** The video's position when it was shown. */
  position: number;
}

/** Drives a player by a clock of its own. Answers of the server come `latencyMs` later by that clock. */
class Show {
  now = 0;
  readonly shown: Shown[] = [];
  readonly before: TapeItem[] = [];
  readonly player: TapePlayer;
  readonly asked: string[];
  mostWaiting = 0;
  down = false;
  private readonly onTheWay: { at: number; answer: () => void }[] = [];

  constructor(items: readonly TapeItem[], durationMs: number, latencyMs = 0) {
    const tape = tapeOf(items);
    this.asked = tape.asked;
    this.player = new TapePlayer((from) => {
      if (this.down) return Promise.reject(new Error("down"));
      return new Promise((resolve) => {
        this.onTheWay.push({ at: this.now + latencyMs, answer: () => resolve(tape.page(from)) });
      });
    }, durationMs);
  }

  async run(ms: number, tickMs = 16): Promise<void> {
    for (const end = this.now + ms; this.now < end;) {
      this.now += tickMs;
      for (const call of this.onTheWay.filter((other) => other.at <= this.now)) {
        this.onTheWay.splice(this.onTheWay.indexOf(call), 1);
        call.answer();
      }
      await settle();
      this.take(this.player.tick(this.now));
    }
  }

  private take(due: Due): void {
    this.before.push(...due.before);
    for (const item of due.now) this.shown.push({ item, position: this.player.position });
    this.mostWaiting = Math.max(this.mostWaiting, this.player.waitingCount);
  }

  /** How far behind its time each was shown; negative would be early. */
  lags(): number[] {
    return this.shown.map(({ item, position }) => position - this.player.offset - item.at);
  }

  expectOnTime(): void {
    expect(Math.min(...this.lags())).toBeGreaterThanOrEqual(0);
    expect(Math.max(...this.lags())).toBeLessThanOrEqual(promiseMs);
  }
}

/** Danmaku in gusts: many share a millisecond, and pauses between them. */
function gusts(count: number, durationMs: number): TapeItem[] {
  let state = 42;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const times = Array.from({ length: count }, () => Math.floor((random() < 0.5 ? random() : 0.25) * durationMs));
  return times.sort((a, b) => a - b).map((at, index) => said(at, index + 1));
}

describe("a replay", () => {
  it.each(speeds)("at %d× shows each danmaku once, in order, within 100 ms of its media time", async (speed) => {
    const items = gusts(3_000, 120_000);
    const show = new Show(items, 120_000, 30);
    show.player.setSpeed(speed);
    show.player.play();
    await show.run(120_000 / speed + 3_000);
    expect(show.shown.map(({ item }) => item["seq"])).toEqual(items.map((item) => item["seq"]));
    show.expectOnTime();
    expect(show.player.playing).toBe(false);
  });

  it("keeps that promise on a page that stutters, as it plays slower then", async () => {
    const items = gusts(500, 20_000);
    const show = new Show(items, 20_000);
    show.player.setSpeed(2);
    show.player.play();
    await show.run(60_000, 333);
    expect(show.player.position).toBeLessThanOrEqual((60_000 / 333 + 1) * maxStepMs);
    await show.run(80_000, 333);
    expect(show.shown).toHaveLength(500);
    show.expectOnTime();
  });

  it("takes the time that it says: a second of the clock is a second of the show", async () => {
    const show = new Show(gusts(100, 20_000), 20_000);
    show.player.play();
    await show.run(5_000);
    expect(Math.abs(show.player.position - 5_000)).toBeLessThan(promiseMs);
  });

  it("stands still while it is paused", async () => {
    const show = new Show(gusts(500, 20_000), 20_000);
    show.player.play();
    await show.run(4_000);
    show.player.pause();
    const { position } = show.player;
    const count = show.shown.length;
    await show.run(9_000);
    expect(show.player.position).toBe(position);
    expect(show.shown).toHaveLength(count);
    show.player.play();
    await show.run(20_000);
    expect(show.shown).toHaveLength(500);
    show.expectOnTime();
  });

  it("waits where the tape has not come yet, and goes on without loss", async () => {
    const items = gusts(2_000, 20_000);
    const show = new Show(items, 20_000, 1_500);
    show.player.play();
    await show.run(1_000);
    expect(show.player.position).toBe(0);
    expect(show.player.buffering).toBe(true);
    await show.run(60_000);
    expect(show.shown).toHaveLength(2_000);
    show.expectOnTime();
  });

  it("tries again when the tape is out of reach, and says so meanwhile", async () => {
    const show = new Show(gusts(50, 10_000), 10_000);
    show.down = true;
    show.player.play();
    await show.run(3_000);
    expect(show.player.failed).toBe(true);
    show.down = false;
    await show.run(20_000);
    expect(show.player.failed).toBe(false);
    expect(show.shown).toHaveLength(50);
    show.expectOnTime();
  });

  it("holds a bounded piece of a tape of a hundred thousand, and fetches no further ahead than it needs", async () => {
    const items = Array.from({ length: 100_000 }, (_, index) => said(index * 10, index + 1));
    const show = new Show(items, 1_000_000, 20);
    show.player.play();
    await show.run(60_000, 40);
    expect(show.mostWaiting).toBeLessThanOrEqual(maxWaiting + pageSize);
    const fetched = Math.max(...show.asked.map(Number));
    expect(fetched).toBeLessThanOrEqual(show.player.position + aheadMs + pageSize * 10);
    expect(show.shown.length).toBeGreaterThan(5_900);
    show.expectOnTime();
  });
});

describe("a jump", () => {
  const items = Array.from({ length: 6_000 }, (_, index) => said(index * 100, index + 1));

  it.each([
    ["forward", 5_000, 400_000],
    ["back", 40_000, 10_000],
    ["to the start", 30_000, 0],
  ])("%s goes on from there, on time, with what was said just before", async (_, from, to) => {
    const show = new Show(items, 600_000, 50);
    show.player.play();
    await show.run(from);
    show.shown.length = 0;
    show.player.seek(to);
    await show.run(10_000);
    const times = show.shown.map(({ item }) => item.at);
    expect(times[0]).toBe(to);
    expect(times).toEqual(items.filter((item) => item.at >= to && item.at <= show.player.position).map((i) => i.at));
    show.expectOnTime();
    expect(show.before.map((item) => item.at)).toEqual(
      items.filter((item) => item.at >= to - contextMs && item.at < to).map((item) => item.at),
    );
  });

  it("drops the answer that was on its way to the position before", async () => {
    const show = new Show(items, 600_000, 300);
    show.player.play();
    await show.run(100);
    show.player.seek(300_000);
    await show.run(2_000);
    expect(show.shown.length).toBeGreaterThan(0);
    expect(Math.min(...show.shown.map(({ item }) => item.at))).toBeGreaterThanOrEqual(300_000);
    expect(Math.min(...show.before.map((item) => item.at))).toBeGreaterThanOrEqual(300_000 - contextMs);
    show.expectOnTime();
  });

  it("stays within the show, and playing at its end begins again", async () => {
    const show = new Show(items, 600_000);
    show.player.seek(-5);
    expect(show.player.position).toBe(0);
    show.player.seek(9_999_999);
    expect(show.player.position).toBe(600_000);
    show.player.play();
    expect(show.player.position).toBe(0);
  });
});

describe("an offset", () => {
  const items = Array.from({ length: 300 }, (_, index) => said(index * 100, index + 1));

  it.each([2_500, -2_500])("of %d ms moves every danmaku by as much", async (offset) => {
    const show = new Show(items, 30_000, 20);
    show.player.setOffset(offset);
    show.player.play();
    await show.run(40_000);
    for (const { item, position } of show.shown) {
      expect(position).toBeGreaterThanOrEqual(item.at + offset);
      expect(position).toBeLessThanOrEqual(item.at + offset + promiseMs);
    }
    const all = [...show.before, ...show.shown.map(({ item }) => item)];
    expect(all.map((item) => item["seq"])).toEqual(items.map((item) => item["seq"]));
  });

  it("changed on the way shows from there on by the new one", async () => {
    const show = new Show(items, 30_000, 20);
    show.player.play();
    await show.run(10_000);
    show.shown.length = 0;
    show.player.setOffset(1_000);
    await show.run(5_000);
    expect(show.shown.length).toBeGreaterThan(40);
    show.expectOnTime();
  });

  it("has bounds", () => {
    const { player } = new Show(items, 30_000);
    player.setOffset(1e9);
    expect(player.offset).toBe(60_000);
    player.setOffset(-1e9);
    expect(player.offset).toBe(-60_000);
  });
});
