import type { Danmaku } from "../wire/types";

/** One line of the recent list. `own`: this user sent it. */
export interface LogItem extends Danmaku {
  own: boolean;
  count: number;
  /** One's own that the display budget left out of the others' screens. */
  sampled?: boolean;
}

/** Lines kept for the recent list. */
export const maxLogItems = 200;
/** Numbers remembered to tell a repeat from a new message; more than any snapshot brings. */
export const maxSeenSeqs = 4096;

/**
 * The danmaku of one room in the order of their numbers, each once. A user's own danmaku comes from its verdict or
 * from a frame,
 * whichever is first; the second is told apart by its number. Pure.
 */
export class DanmakuLog {
  private lines: LogItem[] = [];
  private seen = new Set<number>();

  get items(): readonly LogItem[] {
    return this.lines;
  }

  /** `new`: to be drawn; `grown`: the same message, merged with more; `seen`: nothing to do. */
  add(danmaku: Danmaku, own: boolean): "new" | "grown" | "seen" {
    const count = danmaku.count ?? 1;
    if (this.seen.has(danmaku.seq)) return this.grow(danmaku.seq, count);
    this.remember(danmaku.seq);
    let at = this.lines.length;
    while (at > 0 && this.lines[at - 1]!.seq > danmaku.seq) at--;
    this.lines.splice(at, 0, { ...danmaku, own, count });
    if (this.lines.length > maxLogItems) this.lines.shift();
    return "new";
  }

  remove(seq: number): boolean {
    const at = this.lines.findIndex((line) => line.seq === seq);
    if (at < 0) return false;
    this.lines.splice(at, 1);
    return true;
  }

  /** Others did not see these on their screens. True when one of them is in the list. */
  markSampled(seqs: readonly number[]): boolean {
    let found = false;
    this.lines = this.lines.map((line) => {
      if (!seqs.includes(line.seq)) return line;
      found = true;
      return { ...line, sampled: true };
    });
    return found;
  }

  clear(): void {
    this.lines = [];
    this.seen.clear();
  }

  private grow(seq: number, count: number): "grown" | "seen" {
    const at = this.lines.findIndex((line) => line.seq === seq);
    const line = this.lines[at];
    if (!line || count <= line.count) return "seen";
    this.lines[at] = { ...line, count };
    return "grown";
  }

  private remember(seq: number): void {
    this.seen.add(seq);
    if (this.seen.size <= maxSeenSeqs) return;
    for (const oldest of this.seen) {
      this.seen.delete(oldest);
      return;
    }
  }
}
