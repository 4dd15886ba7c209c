/**
 * How many danmaku the stage has room for. Each takes a lane until its tail has come in and a gap behind it: one that
 * finds none free would lie over another, and is left to the list. Which lane it flies in is the renderer's business.
 * Pure.
 */
export class Lanes {
  private freeAt: number[] = [];

  /** Lanes that there are from now on; those that are taken stay so. */
  resize(count: number): void {
    const whole = Math.max(1, Math.floor(count));
    if (whole < this.freeAt.length) this.freeAt = this.freeAt.sort((a, b) => a - b).slice(0, whole);
    while (this.freeAt.length < whole) this.freeAt.push(0);
  }

  /** Whether one is free; then it is taken for `busyMs`. */
  take(now: number, busyMs: number): boolean {
    let first = 0;
    for (let lane = 1; lane < this.freeAt.length; lane++) if (this.freeAt[lane]! < this.freeAt[first]!) first = lane;
    if ((this.freeAt[first] ?? Infinity) > now) return false;
    this.freeAt[first] = now + busyMs;
    return true;
  }

  clear(): void {
    this.freeAt.fill(0);
  }
}

/** First code point of scripts whose letters are as wide as they are high. */
const wideFrom = 0x1100;
const narrowEm = 0.58;

/** About how wide a text is, in px; near enough to tell whether the next one fits behind it. */
export function widthOf(text: string, fontPx: number): number {
  let em = 0;
  for (const letter of text) em += letter.codePointAt(0)! >= wideFrom ? 1 : narrowEm;
  return em * fontPx;
}

/** How long a text of that width comes in: wider ones move faster, as all cross the stage in the same time. */
export function comingInMs(width: number, gap: number, stageWidth: number, speed: number): number {
  const pace = (speed * (stageWidth + width)) / Math.max(1, stageWidth);
  return pace <= 0 ? 0 : (1000 * (width + gap)) / pace;
}
