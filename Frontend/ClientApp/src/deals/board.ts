import type { BoardSecond } from "../wire/deal-types";

/** Seconds that the chart of a deal shows: of the five minutes that the server keeps, what can be told apart. */
export const boardSeconds = 120;

/**
 * Second by second up to `now`, with zeros where nothing happened. It begins with the first second in which something
 * did, or `boardSeconds` ago.
 */
export function filled(
  series: readonly BoardSecond[],
  now: number,
  of: (second: BoardSecond) => number,
): readonly number[] {
  const last = Math.floor(now / 1_000);
  const known = new Map(series.map((second) => [Math.floor(second.at / 1_000), of(second)]));
  if (known.size === 0) return [];
  const newest = Math.max(last, ...known.keys());
  const first = Math.max(newest - boardSeconds + 1, Math.min(...known.keys()) - 1);
  return Array.from({ length: newest - first + 1 }, (_, index) => known.get(first + index) ?? 0);
}

/** 0.414 as 41%; something is never rounded to nothing, and not everything never to everything. */
export function percentText(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 0 && share > 0) return "<1%";
  return percent === 100 && share < 1 ? "99%" : `${percent}%`;
}

/**
 * Does something at most once in `everyMs`, never twice at the same time, and never leaves the last request out: what
 * is asked for meanwhile is done once afterwards.
 */
export class Pace {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private busy = false;
  private again = false;
  private startedAt = -Infinity;

  constructor(
    private readonly everyMs: number,
    private readonly work: () => Promise<void>,
  ) {}

  ask(): void {
    if (this.timer !== null) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    const wait = this.startedAt + this.everyMs - Date.now();
    if (wait > 0) this.timer = setTimeout(() => this.run(), wait);
    else this.run();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.again = false;
  }

  private run(): void {
    this.timer = null;
    this.busy = true;
    this.startedAt = Date.now();
    void this.work().finally(() => {
      this.busy = false;
      if (!this.again) return;
      this.again = false;
      this.ask();
    });
  }
}
