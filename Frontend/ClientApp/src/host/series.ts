import type { Counters } from "../wire/types";

/** Seconds that the charts look back. */
export const seriesSeconds = 120;

/** What a room's counters did, second by second; a counter that fell (a new epoch) counts as nothing. Pure. */
export class RoomSeries {
  private last: Counters | null = null;
  private viewerValues: number[] = [];
  private danmakuValues: number[] = [];
  private likeValues: number[] = [];

  get viewers(): readonly number[] {
    return this.viewerValues;
  }

  /** A second, as it was counted. */
  get danmaku(): readonly number[] {
    return this.danmakuValues;
  }

  get likes(): readonly number[] {
    return this.likeValues;
  }

  /** To be called once a second. */
  sample(counters: Counters): void {
    const last = this.last ?? counters;
    this.last = counters;
    this.viewerValues = grown(this.viewerValues, counters.viewers);
    this.danmakuValues = grown(this.danmakuValues, Math.max(0, counters.danmaku - last.danmaku));
    this.likeValues = grown(this.likeValues, Math.max(0, counters.likes - last.likes));
  }
}

function grown(values: readonly number[], value: number): number[] {
  return [...values, value].slice(-seriesSeconds);
}

/** A chart's line as points "x,y ..." in a box, the newest at the right edge, the highest value at the top. */
export function chartPoints(
  values: readonly number[],
  width: number,
  height: number,
  most: number,
  seconds = seriesSeconds,
): string {
  const step = width / (seconds - 1);
  const first = width - (values.length - 1) * step;
  return values
    .map((value, index) => {
      const y = height - (most === 0 ? 0 : (value / most) * height);
      return `${(first + index * step).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}

/** The top of a chart: a round number that is not below any value, and not 0. */
export function roundTop(values: readonly number[]): number {
  const most = Math.max(0, ...values);
  for (let unit = 1; ; unit *= 10) {
    for (const factor of [1, 2, 5]) if (unit * factor >= most && unit * factor > 0) return unit * factor;
  }
}
