import type { Draw } from "../wire/types";

/**
 * A published draw, recomputed as the wire contract defines it:
 *
 * - `commitment` = SHA-256 of the seed, and was shown before anybody entered;
 * - `entrantsHash` = SHA-256 of the entrants' ids, sorted ordinally, joined by line feeds;
 * - winner i is the entrant, of those left, at SHA-256(seed ":" entrantsHash ":" i), its first 8 bytes as a big-endian
 *   number, modulo how many are left; with fewer entrants than winners all win, in list order.
 */

export type ProofStep = "seed" | "commitment" | "count" | "order" | "list" | "winners";

export interface Proof {
  /** Each step with what was found, in the order in which they rest on each other. */
  steps: readonly { step: ProofStep; holds: boolean }[];
  holds: boolean;
  entrantsHash: string;
  winners: readonly string[];
}

export type Published = Pick<Draw, "winners" | "entrants" | "commitment" | "entrantsHash" | "seed" | "winnerIds">;

const utf8 = new TextEncoder();

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", utf8.encode(text)));
}

async function sha256Hex(text: string): Promise<string> {
  return Array.from(await sha256(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** WebCrypto is there on https and on localhost only. */
export const canVerify = (): boolean => typeof crypto !== "undefined" && crypto.subtle !== undefined;

export async function verifyDraw(draw: Published, entrants: readonly string[]): Promise<Proof> {
  const seed = draw.seed ?? "";
  const entrantsHash = await sha256Hex(entrants.join("\n"));
  const winners = await drawWinners(seed, entrantsHash, entrants, draw.winners);
  const steps: Proof["steps"] = [
    { step: "seed", holds: /^[0-9a-f]{64}$/.test(seed) },
    { step: "commitment", holds: (await sha256Hex(seed)) === draw.commitment },
    { step: "count", holds: entrants.length === draw.entrants },
    { step: "order", holds: entrants.every((id, index) => index === 0 || entrants[index - 1]! < id) },
    { step: "list", holds: entrantsHash === draw.entrantsHash },
    { step: "winners", holds: sameList(winners, draw.winnerIds ?? []) },
  ];
  return { steps, holds: steps.every((step) => step.holds), entrantsHash, winners };
}

async function drawWinners(
  seed: string,
  entrantsHash: string,
  entrants: readonly string[],
  count: number,
): Promise<string[]> {
  if (entrants.length < count) return [...entrants];
  const winners: string[] = [];
  // Places that are taken, in ascending order: taking ids out of a list of a million each time would be slow.
  const taken: number[] = [];
  for (let i = 0; i < count; i++) {
    const digest = await sha256(`${seed}:${entrantsHash}:${i}`);
    const number = new DataView(digest.buffer).getBigUint64(0);
    let place = Number(number % BigInt(entrants.length - i));
    let before = 0;
    while (before < taken.length && taken[before]! <= place) {
      place++;
      before++;
    }
    taken.splice(before, 0, place);
    winners.push(entrants[place]!);
  }
  return winners;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
