import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { verifyDraw, type Published } from "../src/draws/draw-proof";

const entrants = ["1001", "1002", "1003", "205", "33"];

/** The published draw that the server's own verify command is tested with (tests/Silo.Tests), computed in Python. */
const published: Published = {
  winners: 2,
  entrants: 5,
  commitment: "7b3d979ca8330a94fa7e9e1b466d8b99e0bcdea1ec90596c0dcc8d7ef6b4300c",
  entrantsHash: "e9e5a076c8f0c9e5d71cd962e2afccfa8bd02165bb628c9813a1957c7a3f17c0",
  seed: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  winnerIds: ["1003", "33"],
};

const failed = async (draw: Published, list: readonly string[]) =>
  (await verifyDraw(draw, list)).steps.filter((step) => !step.holds).map((step) => step.step);

describe("a published draw", () => {
  it("is recomputed to the same winners", async () => {
    const proof = await verifyDraw(published, entrants);
    expect(proof.holds).toBe(true);
    expect(proof.winners).toEqual(published.winnerIds);
    expect(proof.entrantsHash).toBe(published.entrantsHash);
  });

  it("with another winner, or the winners in another order, is found out", async () => {
    expect(await failed({ ...published, winnerIds: ["1003", "205"] }, entrants)).toEqual(["winners"]);
    expect(await failed({ ...published, winnerIds: ["33", "1003"] }, entrants)).toEqual(["winners"]);
  });

  it("with another seed is found out, also where the winners follow from it", async () => {
    const seed = "0".repeat(64);
    const { winners } = await verifyDraw({ ...published, seed }, entrants);
    expect(await failed({ ...published, seed, winnerIds: [...winners] }, entrants)).toEqual(["commitment"]);
    const commitment = createHash("sha256").update("seed").digest("hex");
    expect(await failed({ ...published, seed: "seed", commitment }, entrants)).toContain("seed");
  });

  it("with another list is found out", async () => {
    expect(await failed(published, entrants.slice(0, 4))).toEqual(expect.arrayContaining(["count", "list"]));
    expect(await failed(published, ["1001", "1002", "1003", "205", "34"])).toContain("list");
    expect(await failed(published, ["1002", "1001", "1003", "205", "33"])).toEqual(
      expect.arrayContaining(["order", "list"]),
    );
    expect(await failed({ ...published, entrants: 6 }, [...entrants, "33"])).toContain("order");
  });

  it("with fewer entrants than winners is won by all, in list order", async () => {
    const list = ["10", "9"];
    const entrantsHash = createHash("sha256").update("10\n9").digest("hex");
    const draw = { ...published, winners: 3, entrants: 2, entrantsHash, winnerIds: list };
    expect((await verifyDraw(draw, list)).holds).toBe(true);
    expect(await failed({ ...draw, winnerIds: ["9", "10"] }, list)).toEqual(["winners"]);
  });

  it("without entrants has nobody who won", async () => {
    const entrantsHash = createHash("sha256").update("").digest("hex");
    expect((await verifyDraw({ ...published, entrants: 0, entrantsHash, winnerIds: [] }, [])).holds).toBe(true);
  });

  it("of any size has the winners that taking them out of the list one by one gives", async () => {
    for (const [size, winners] of [
      [1, 1],
      [7, 7],
      [300, 40],
      [1_000, 999],
    ] as const) {
      const list = Array.from({ length: size }, (_, index) => String(index * 7_919 + 1)).sort((a, b) =>
        a < b ? -1 : 1,
      );
      const seed = createHash("sha256").update(`${size}`).digest("hex");
      const hash = createHash("sha256").update(list.join("\n")).digest("hex");
      const left = [...list];
      const expected = Array.from({ length: winners }, (_, i) => {
        const digest = createHash("sha256").update(`${seed}:${hash}:${i}`).digest();
        return left.splice(Number(digest.readBigUInt64BE(0) % BigInt(left.length)), 1)[0]!;
      });
      expect((await verifyDraw({ ...published, seed, winners }, list)).winners).toEqual(expected);
    }
  });
});
