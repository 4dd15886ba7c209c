/**
 * The server's time as this page can tell: what the server wrote last may be late by the way here, never early, so the
 * observation that is furthest ahead is the best one. Pure but for the clock it is given.
 */
export class ServerClock {
  private ahead: number | null = null;

  constructor(private readonly local: () => number = Date.now) {}

  observe(serverTime: number): void {
    const ahead = serverTime - this.local();
    if (this.ahead === null || ahead > this.ahead) this.ahead = ahead;
  }

  now(): number {
    return this.local() + (this.ahead ?? 0);
  }
}

/** The one clock of the page: frames of rooms and the dates of answers set it. */
export const serverClock = new ServerClock();
