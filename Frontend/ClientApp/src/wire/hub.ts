import { HubConnection, HubConnectionBuilder, HubConnectionState, LogLevel } from "@microsoft/signalr";
import { Store } from "../shell/store";
import { backoffMs } from "./backoff";
import { refusedToken } from "./problem";
import { distrust, freshToken, session } from "./session";

export type LinkState = "connecting" | "live" | "reconnecting" | "signedOut";

export interface HubHandlers {
  /** A connection is up, the first or a later one: nothing of the one before is valid on it. */
  connected(): void;
  /** The connection is gone; another is being made. */
  disconnected(): void;
}

/** The connection to /hub. It comes back by itself for as long as the page wants it, and says how it stands. */
export class Hub {
  readonly state = new Store<LinkState>("connecting");
  private readonly connection: HubConnection;
  private wanted = false;
  private lastToken = "";
  private wake: (() => void) | null = null;
  private readonly stopListening: () => void;

  constructor(private readonly handlers: HubHandlers) {
    this.connection = new HubConnectionBuilder()
      .withUrl("/hub", { accessTokenFactory: () => this.token() })
      .withAutomaticReconnect({
        nextRetryDelayInMilliseconds: (context) => {
          this.doubt(context.retryReason);
          return backoffMs(context.previousRetryCount);
        },
      })
      .configureLogging(LogLevel.None)
      .build();
    this.connection.onreconnecting(() => this.down());
    this.connection.onreconnected(() => this.up());
    this.connection.onclose(() => this.closed());
    this.stopListening = this.listen();
  }

  on(event: string, handler: (...args: never[]) => void): void {
    this.connection.on(event, handler as (...args: unknown[]) => void);
  }

  invoke<T>(method: string, ...args: unknown[]): Promise<T> {
    return this.connection.invoke<T>(method, ...args);
  }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    void this.connect();
  }

  async stop(): Promise<void> {
    this.wanted = false;
    this.stopListening();
    this.wake?.();
    await this.connection.stop();
  }

  /** Completes when the link is live, or with false after `limitMs`. */
  whenLive(limitMs: number): Promise<boolean> {
    if (this.state.value === "live") return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (live: boolean) => {
        clearTimeout(timer);
        unsubscribe();
        resolve(live);
      };
      const timer = setTimeout(() => finish(false), limitMs);
      const unsubscribe = this.state.subscribe(() => this.state.value === "live" && finish(true));
    });
  }

  private async token(): Promise<string> {
    this.lastToken = await freshToken();
    return this.lastToken;
  }

  /** A token that the server refused although it is not due: the next attempt brings another. */
  private doubt(error: unknown): void {
    if (refusedToken(error)) distrust(this.lastToken);
  }

  private async connect(): Promise<void> {
    for (let attempt = 0; this.wanted; attempt++) {
      if (session.value && (await this.tryStart())) return;
      if (!session.value) this.state.set("signedOut");
      if (this.wanted) await this.pause(session.value ? backoffMs(attempt) : 60_000);
    }
  }

  private async tryStart(): Promise<boolean> {
    if (this.state.value === "signedOut") this.state.set("connecting");
    try {
      await this.connection.start();
      if (!this.wanted) await this.connection.stop();
      else this.up();
      return true;
    } catch (error) {
      this.doubt(error);
      return false;
    }
  }

  private up(): void {
    if (!this.wanted) return;
    this.state.set("live");
    this.handlers.connected();
  }

  private down(): void {
    if (!this.wanted) return;
    this.state.set("reconnecting");
    this.handlers.disconnected();
  }

  private closed(): void {
    if (!this.wanted) return;
    this.down();
    void this.connect();
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.wake = finish;
    });
  }

  /** The network is back, the page is looked at again, or somebody signed in: do not sit out the wait. */
  private listen(): () => void {
    const hurry = () => {
      this.wake?.();
      if (this.connection.state === HubConnectionState.Reconnecting) void this.connection.stop();
    };
    const seen = () => document.visibilityState === "visible" && hurry();
    let user = session.value?.userId;
    const unsubscribe = session.subscribe(() => {
      if (session.value?.userId === user) return;
      user = session.value?.userId;
      // Somebody else now: the connection still speaks for the user before.
      if (this.connection.state === HubConnectionState.Connected) void this.connection.stop();
      else hurry();
    });
    addEventListener("online", hurry);
    document.addEventListener("visibilitychange", seen);
    return () => {
      unsubscribe();
      removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", seen);
    };
  }
}
