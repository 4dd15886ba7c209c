import { describe, expect, it } from "vitest";
import { comingInMs, Lanes, widthOf } from "../src/room/lanes";

describe("lanes", () => {
  it("are taken one by one, and are free again when what flies has come in", () => {
    const lanes = new Lanes();
    lanes.resize(2);
    expect([lanes.take(0, 1_000), lanes.take(0, 400), lanes.take(399, 100)]).toEqual([true, true, false]);
    expect(lanes.take(400, 1_000)).toBe(true);
    expect(lanes.take(999, 1)).toBe(false);
    expect(lanes.take(1_000, 1)).toBe(true);
  });

  it("stay taken when there are more or fewer, and there is always one", () => {
    const lanes = new Lanes();
    lanes.resize(1);
    lanes.take(0, 1_000);
    lanes.resize(2);
    expect(lanes.take(1, 1_000)).toBe(true);
    expect(lanes.take(1, 1_000)).toBe(false);
    lanes.resize(0);
    expect(lanes.take(2, 10)).toBe(false);
    expect(lanes.take(1_000, 10)).toBe(true);
  });

  it("are all free on a cleared stage", () => {
    const lanes = new Lanes();
    lanes.resize(3);
    for (let i = 0; i < 3; i++) lanes.take(0, 9_000);
    lanes.clear();
    expect(lanes.take(1, 1)).toBe(true);
  });
});

describe("a text", () => {
  it("is as wide as its letters, those of Chinese as wide as high", () => {
    expect(widthOf("你好", 20)).toBe(40);
    expect(widthOf("hello", 20)).toBeCloseTo(58);
    expect(widthOf("", 20)).toBe(0);
  });

  it("comes in sooner when it is short, and at twice the speed in half the time", () => {
    expect(comingInMs(100, 0, 400, 80)).toBeCloseTo(1_000);
    expect(comingInMs(40, 0, 400, 80)).toBeLessThan(comingInMs(100, 0, 400, 80));
    expect(comingInMs(100, 0, 400, 160)).toBeCloseTo(500);
    expect(comingInMs(100, 0, 0, 0)).toBe(0);
  });
});
