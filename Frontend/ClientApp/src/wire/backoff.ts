/**
 * How long to wait before attempt `attempt` (from 0), in milliseconds: doubling from half a second to 15 s, of which
 * a random half is
 * taken off, so that a thousand pages cut off together do not come back together. It never gives up.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(15_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling * (0.5 + random() / 2));
}
