import type { JoinResult, RoomFrame, Since } from "../wire/types";

/**
 * Orders what the hub sends about one room by (epoch, seq), so that each change is applied exactly once and none is
 * left out:
 *
 * - frames that arrive before the answer of JoinRoom wait for it;
 * - frames already seen are dropped, also when one frame stands for several (`from`..`seq`);
 * - a hole, a new epoch or a `resync` asks for a new join, which says what is already here.
 *
 * Pure: no clock, no network. The caller applies the steps in order and joins again whenever `needsJoin` is set.
 */

export type FeedStep =
  /** Replace everything but the danmaku list; `recent` is to be added to that list. */
  { kind: "snapshot"; join: JoinResult; reset: boolean } | { kind: "frame"; frame: RoomFrame; missed: boolean };

/**
 * Frames that may wait for an answer of JoinRoom; past that the page asks for everything since the last applied one.
 */
export const maxWaitingFrames = 512;

/**
 * Joins in a row without progress after which the page gives up what it has and takes the server's snapshot as it is.
 */
export const maxFruitlessJoins = 3;

export class RoomFeed {
  private epoch = 0;
  private seq = -1;
  private danmakuSeq = 0;
  private joined = false;
  private joining = false;
  private waiting: RoomFrame[] = [];

  /** True when the page has to call JoinRoom with `since()` before it shows anything newer. */
  needsJoin = true;

  /** Joins in a row that brought the feed no further; the caller waits longer each time. */
  fruitlessJoins = 0;

  get position(): Required<Since> {
    return { epoch: this.epoch, seq: this.seq, danmakuSeq: this.danmakuSeq };
  }

  /** What to hand to JoinRoom; null the first time, and when what is here leads nowhere. */
  since(): Since | null {
    return this.joined && this.fruitlessJoins < maxFruitlessJoins ? this.position : null;
  }

  /** The page calls JoinRoom now: every frame waits until `answered` or `disconnected`. */
  asking(): void {
    this.joining = true;
    this.needsJoin = false;
  }

  /** The connection was lost or replaced: what was in flight on it will not come, and a join brings it. */
  disconnected(): void {
    this.waiting = [];
    this.joining = false;
    this.needsJoin = true;
  }

  /** The server cannot say what was missed. While a join is under way its answer is the newest there is. */
  resync(): void {
    if (!this.joining) this.needsJoin = true;
  }

  answered(join: JoinResult): FeedStep[] {
    const before = this.position;
    const afresh = this.since() === null;
    this.joining = false;
    this.needsJoin = false;
    const steps = afresh ? this.restart(join, true) : this.resume(join);
    const waiting = this.waiting;
    this.waiting = [];
    for (const frame of waiting) steps.push(...this.frame(frame));
    const moved = this.epoch > before.epoch || this.seq > before.seq;
    this.fruitlessJoins = this.needsJoin && !moved ? this.fruitlessJoins + 1 : 0;
    return steps;
  }

  frame(frame: RoomFrame): FeedStep[] {
    if (!this.joining && !this.needsJoin) return this.apply(frame, false);
    this.wait(frame);
    return [];
  }

  private wait(frame: RoomFrame): void {
    // A room that outruns the join loses the waiting frames, not the order: what follows then has a hole and joins
    // again.
    if (this.waiting.length >= maxWaitingFrames) this.waiting.shift();
    this.waiting.push(frame);
  }

  private resume(join: JoinResult): FeedStep[] {
    if (join.epoch < this.epoch) {
      this.needsJoin = true;
      return [];
    }
    if (join.recovered && join.epoch === this.epoch) return this.recover(join);
    // An answer from behind what is here tells nothing new; going back to it would apply frames a second time.
    if (join.epoch === this.epoch && join.seq < this.seq) return [];
    return this.restart(join, false);
  }

  private recover(join: JoinResult): FeedStep[] {
    const steps: FeedStep[] = [];
    for (const frame of join.missed) steps.push(...this.apply(frame, true));
    // `missed` that does not reach the head is no recovery, whatever it says: ask again from what was applied.
    if (this.seq < join.seq) this.needsJoin = true;
    // The room's state, settings and counters are the head's, which may be newer than the last missed frame says.
    else if (this.seq === join.seq) steps.push({ kind: "snapshot", join: { ...join, recent: [] }, reset: false });
    return steps;
  }

  private restart(join: JoinResult, reset: boolean): FeedStep[] {
    this.joined = true;
    this.epoch = join.epoch;
    this.seq = join.seq;
    if (reset) this.danmakuSeq = 0;
    for (const danmaku of join.recent) this.danmakuSeq = Math.max(this.danmakuSeq, danmaku.seq);
    return [{ kind: "snapshot", join, reset }];
  }

  private apply(frame: RoomFrame, missed: boolean): FeedStep[] {
    if (frame.epoch < this.epoch) return [];
    if (frame.epoch === this.epoch && frame.seq <= this.seq) return [];
    // A new epoch may have begun with frames this connection was not sent: only a join can tell.
    if (frame.epoch > this.epoch || (frame.from ?? frame.seq) > this.seq + 1) return this.hole(frame, missed);
    this.seq = frame.seq;
    for (const danmaku of frame.danmaku ?? []) this.danmakuSeq = Math.max(this.danmakuSeq, danmaku.seq);
    return [{ kind: "frame", frame, missed }];
  }

  private hole(frame: RoomFrame, missed: boolean): FeedStep[] {
    this.needsJoin = true;
    if (!missed) this.wait(frame);
    return [];
  }
}
