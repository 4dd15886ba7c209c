import type { TapeItem, TapePage } from "../wire/host-types";

/** Items of the tape that wait for their time at most; about as many may come on top with the last page. */
export const maxWaiting = 2_000;
/** How far ahead of what is shown the tape is fetched, in ms of media time. */
export const aheadMs = 30_000;
/** After a seek this much before it is fetched as well: it is what was said just before. */
export const contextMs = 10_000;
/**
 * The most that one tick moves on, in ms of media time. A page that stutters plays slower instead of skipping, so that
 * at any speed nothing is shown further behind its media time.
 */
export const maxStepMs = 100;
export const speeds = [0.5, 1, 1.5, 2] as const;
/** How far danmaku can be moved against the video, in ms. */
export const maxOffsetMs = 60_000;
const retryMs = 1_000;

export interface Due {
  /** Their time has come: to be shown now. */
  now: readonly TapeItem[];
  /** From before the position that was jumped to: to be listed, not to fly. */
  before: readonly TapeItem[];
}

/**
 * Plays a tape by a clock that the caller drives: says what is due at each tick, fetches ahead page by page, and waits
 * with its position where the tape has not come yet. Position is the video's; a danmaku is due at its media time plus
 * the offset. It holds a bounded piece of the tape however long that is. No timer, no DOM.
 */
export class TapePlayer {
  private readonly waiting: TapeItem[] = [];
  private at = 0;
  private last: number | null = null;
  private rate = 1;
  private shift = 0;
  private cursor: string | null = "0";
  /** Everything on the tape before this media time is here or was given out. */
  private loadedTo = 0;
  /** Items before this media time are context. */
  private contextTo = 0;
  private generation = 0;
  private fetching = false;
  private retryAt = 0;

  playing = false;
  /** The position waits for the tape. */
  buffering = false;
  /** The last attempt to fetch failed; another follows by itself. */
  failed = false;

  constructor(
    private readonly fetchPage: (from: string) => Promise<TapePage>,
    readonly durationMs: number,
  ) {}

  get position(): number {
    return this.at;
  }

  /** Where it ends: danmaku that are shown later than they were said need the time behind the video's end. */
  get end(): number {
    return this.durationMs + Math.max(0, this.shift);
  }

  get speed(): number {
    return this.rate;
  }

  get offset(): number {
    return this.shift;
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  play(): void {
    if (this.at >= this.end) this.seek(0);
    this.playing = true;
    this.last = null;
  }

  pause(): void {
    this.playing = false;
  }

  setSpeed(speed: number): void {
    this.rate = speed;
  }

  /** Positive: danmaku are shown later, for a video that lags behind. What was shown comes again as context. */
  setOffset(ms: number): void {
    this.shift = Math.max(-maxOffsetMs, Math.min(maxOffsetMs, ms));
    this.seek(this.at);
  }

  seek(position: number): void {
    this.generation++;
    this.fetching = false;
    this.retryAt = 0;
    this.waiting.length = 0;
    this.at = Math.max(0, Math.min(this.end, position));
    this.contextTo = this.at - this.shift;
    this.loadedTo = Math.max(0, Math.floor(this.contextTo - contextMs));
    this.cursor = String(this.loadedTo);
    this.last = null;
  }

  /** To be called often; `now` is any clock in ms. */
  tick(now: number): Due {
    const step = this.last === null ? 0 : Math.max(0, now - this.last);
    this.last = now;
    if (this.playing) this.move(Math.min(maxStepMs, step * this.rate));
    const due = this.take();
    this.fetchAhead(now);
    return due;
  }

  private move(ms: number): void {
    const wanted = Math.min(this.end, this.at + ms);
    const limit = this.loadedTo + this.shift;
    this.buffering = wanted > limit;
    this.at = Math.max(this.at, Math.min(wanted, limit));
    if (this.at >= this.end) this.playing = false;
  }

  private take(): Due {
    const media = this.at - this.shift;
    let count = 0;
    while (count < this.waiting.length && this.waiting[count]!.at <= media) count++;
    if (count === 0) return nothing;
    const due = this.waiting.splice(0, count);
    const first = due.findIndex((item) => item.at >= this.contextTo);
    return first < 0
      ? { now: [], before: due }
      : { now: first === 0 ? due : due.slice(first), before: first === 0 ? [] : due.slice(0, first) };
  }

  private fetchAhead(now: number): void {
    if (this.fetching || this.cursor === null || now < this.retryAt) return;
    if (this.waiting.length >= maxWaiting || this.loadedTo > this.at - this.shift + aheadMs) return;
    this.fetching = true;
    const generation = this.generation;
    this.fetchPage(this.cursor).then(
      (page) => generation === this.generation && this.loaded(page),
      () => {
        if (generation !== this.generation) return;
        this.fetching = false;
        this.failed = true;
        this.retryAt = now + retryMs;
      },
    );
  }

  private loaded(page: TapePage): void {
    this.fetching = false;
    this.failed = false;
    for (const item of page.items) this.waiting.push(item);
    this.cursor = page.next ?? null;
    // A cursor is a media time, or one with the number of the item behind which to go on.
    this.loadedTo = this.cursor === null ? Infinity : Number(this.cursor.split(".")[0]);
  }
}

const nothing: Due = { now: [], before: [] };
