import { describe, expect, it } from "vitest";
import { DanmakuLog, maxLogItems } from "../src/room/danmaku-log";
import { summaryOf } from "../src/room/summary";
import type { Danmaku } from "../src/wire/types";

function danmaku(seq: number, more: Partial<Danmaku> = {}): Danmaku {
  return {
    seq,
    userId: "7",
    name: "Ann",
    text: `text ${seq}`,
    mode: "scroll",
    color: "#ffffff",
    at: 1000 + seq,
    ...more,
  };
}

describe("DanmakuLog", () => {
  it("keeps one's own, drawn from its verdict, once when the frame brings it too", () => {
    const log = new DanmakuLog();
    expect(log.add(danmaku(4), true)).toBe("new");
    expect(log.add(danmaku(4), true)).toBe("seen");
    expect(log.items).toHaveLength(1);
  });

  it("puts an own one that was ahead of its frame behind those before it", () => {
    const log = new DanmakuLog();
    log.add(danmaku(1), false);
    log.add(danmaku(5), true);
    log.add(danmaku(3), false);
    log.add(danmaku(4), false);
    expect(log.items.map((item) => item.seq)).toEqual([1, 3, 4, 5]);
  });

  it("lets a merged one grow in place, never shrink", () => {
    const log = new DanmakuLog();
    log.add(danmaku(1), false);
    expect(log.add(danmaku(1, { count: 3 }), false)).toBe("grown");
    expect(log.add(danmaku(1, { count: 2 }), false)).toBe("seen");
    expect(log.items.map((item) => item.count)).toEqual([3]);
  });

  it("takes a merged one that it never saw as new", () => {
    const log = new DanmakuLog();
    expect(log.add(danmaku(1, { count: 5 }), false)).toBe("new");
    expect(log.items[0]!.count).toBe(5);
  });

  it("is bounded, and knows what it no longer lists", () => {
    const log = new DanmakuLog();
    for (let seq = 1; seq <= maxLogItems + 50; seq++) log.add(danmaku(seq), false);
    expect(log.items).toHaveLength(maxLogItems);
    expect(log.items[0]!.seq).toBe(51);
    expect(log.add(danmaku(10), false)).toBe("seen");
    expect(log.add(danmaku(10, { count: 2 }), false)).toBe("seen");
  });

  it("does not bring back what was recalled", () => {
    const log = new DanmakuLog();
    log.add(danmaku(1), false);
    expect(log.remove(1)).toBe(true);
    expect(log.remove(1)).toBe(false);
    expect(log.add(danmaku(1), false)).toBe("seen");
    expect(log.items).toHaveLength(0);
  });
});

describe("one's own danmaku that others were not shown", () => {
  it("is marked in the list, and stays so when it grows", () => {
    const log = new DanmakuLog();
    log.add(danmaku(1), true);
    log.add(danmaku(2), true);
    expect(log.markSampled([2, 99])).toBe(true);
    expect(log.items.map((line) => line.sampled ?? false)).toEqual([false, true]);
    log.add({ ...danmaku(2), count: 3 }, true);
    expect(log.items[1]).toMatchObject({ sampled: true, count: 3 });
    expect(log.markSampled([99])).toBe(false);
  });
});

describe("summaryOf", () => {
  const line = (seq: number, own = false) => ({ ...danmaku(seq), own, count: 1 });

  it("says nothing of what was said before and of one's own", () => {
    expect(summaryOf([line(1), line(2, true)], 1)).toBeNull();
  });

  it("reads a single line whole and sums up many", () => {
    expect(summaryOf([line(1), line(2)], 1)).toEqual({
      key: "room.announceOne",
      values: { n: 1, name: "Ann", text: "text 2" },
      upTo: 2,
    });
    expect(summaryOf([line(1), line(2), line(3)], 0)).toMatchObject({
      key: "room.announceMany",
      values: { n: 3, text: "text 3" },
      upTo: 3,
    });
  });
});
