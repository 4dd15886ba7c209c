/** The most one Like call may carry. */
export const maxLikesPerCall = 50;
/** Taps kept while a call is under way; more than a person taps in the meantime. */
export const maxPendingLikes = 200;

export interface LikeCall {
  count: number;
  key: string;
}

/**
 * Gathers taps into one Like call a second. Pure: the caller owns the clock. A call whose answer was lost goes again
 * with its key.
 */
export class LikeGatherer {
  private pending = 0;
  private call: LikeCall | null = null;

  constructor(private readonly newKey: () => string) {}

  /** False when the tap is beyond what will be sent. */
  tap(): boolean {
    if (this.pending >= maxPendingLikes) return false;
    this.pending++;
    return true;
  }

  /** The call to make now, or null when there is nothing to send or one is under way. */
  next(): LikeCall | null {
    if (this.call || this.pending === 0) return null;
    const count = Math.min(this.pending, maxLikesPerCall);
    this.pending -= count;
    this.call = { count, key: this.newKey() };
    return this.call;
  }

  /** The call that waits for an answer, to be repeated after a reconnection. */
  get underWay(): LikeCall | null {
    return this.call;
  }

  answered(): void {
    this.call = null;
  }
}
