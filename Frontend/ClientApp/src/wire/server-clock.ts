/** A date in an answer's header is cut to whole seconds, and was on its way for a moment. */
const dateSlackMs = 1_500;

/**
 * The server's time as this page can tell: what the server wrote last may be late by the way here, never early, so the
 * observation that is furthest ahead is the best one. Pure but for the clock it is given.
 */
export class ServerClock {
  private ahead: number | null = null;
  private rough: number | null = null;

  constructor(private readonly local: () => number = Date.now) {}

  /** A time to the millisecond, as frames carry it. */
  observe(serverTime: number): void {
    const ahead = serverTime - this.local();
    if (this.ahead === null || ahead > this.ahead) this.ahead = ahead;
  }

  /**
   * A date in whole seconds, as every answer carries it. It corrects a clock that is wrong, and leaves one alone that
   * is right within what such a date can tell; it counts until there is something better.
   */
  observeDate(serverDate: number): void {
    const least = serverDate - this.local();
    this.rough ??= Math.min(0, least + dateSlackMs);
    this.rough = Math.max(this.rough, least);
    if (this.ahead !== null && least > this.ahead) this.ahead = least;
  }

  now(): number {
    return this.local() + (this.ahead ?? this.rough ?? 0);
  }
}

/** The one clock of the page: frames of rooms and the dates of answers set it. */
export const serverClock = new ServerClock();
