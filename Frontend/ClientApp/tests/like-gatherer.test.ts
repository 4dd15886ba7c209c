import { describe, expect, it } from "vitest";
import { LikeGatherer, maxLikesPerCall, maxPendingLikes } from "../src/room/like-gatherer";

function gatherer() {
  let keys = 0;
  return new LikeGatherer(() => `key${++keys}`);
}

describe("LikeGatherer", () => {
  it("makes one call of many taps", () => {
    const likes = gatherer();
    for (let tap = 0; tap < 7; tap++) likes.tap();
    expect(likes.next()).toEqual({ count: 7, key: "key1" });
    expect(likes.next()).toBeNull();
  });

  it("puts no more into a call than the server takes, and the rest into the next", () => {
    const likes = gatherer();
    for (let tap = 0; tap < maxLikesPerCall + 5; tap++) likes.tap();
    expect(likes.next()!.count).toBe(maxLikesPerCall);
    likes.answered();
    expect(likes.next()).toEqual({ count: 5, key: "key2" });
  });

  it("keeps the call whose answer was lost, to be sent again under its key", () => {
    const likes = gatherer();
    likes.tap();
    const call = likes.next();
    likes.tap();
    expect(likes.next()).toBeNull();
    expect(likes.underWay).toBe(call);
    likes.answered();
    expect(likes.next()).toEqual({ count: 1, key: "key2" });
  });

  it("refuses taps past its bound", () => {
    const likes = gatherer();
    for (let tap = 0; tap < maxPendingLikes; tap++) expect(likes.tap()).toBe(true);
    expect(likes.tap()).toBe(false);
  });
});
