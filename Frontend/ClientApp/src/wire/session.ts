import { recall, remember } from "../shell/storage";
import { Store } from "../shell/store";
import { Problem, problemOf } from "./problem";
import type { AuthAnswer } from "./types";

export interface Session {
  userId: string;
  name: string;
  accessToken: string;
  refreshToken: string;
  /** Unix milliseconds by this machine's clock. */
  expiresAt: number;
  guest: boolean;
}

const storageKey = "rednote.session";
const nicknameKey = "rednote.nickname";
/** A token this close to its end is exchanged before it is used. */
const marginMs = 30_000;

function stored(): Session | null {
  try {
    const session = JSON.parse(recall(storageKey) ?? "null") as Session | null;
    return session?.accessToken && session.refreshToken ? session : null;
  } catch {
    return null;
  }
}

export const session = new Store<Session | null>(stored());
/** Counts logins that the server ended, so that the page can say so. */
export const endedLogins = new Store(0);

// Another window of this browser shares the login: a refresh token works once, so all must use the newest.
addEventListener("storage", (event) => {
  if (event.key === storageKey || event.key === null) session.set(stored());
});

function keep(next: Session | null): void {
  remember(storageKey, next && JSON.stringify(next));
  session.set(next);
}

function adopt(answer: AuthAnswer, guest: boolean): Session {
  const next = {
    userId: answer.userId,
    name: answer.name,
    accessToken: answer.accessToken,
    refreshToken: answer.refreshToken,
    expiresAt: Date.now() + answer.expiresIn * 1000,
    guest,
  };
  keep(next);
  return next;
}

async function post(path: string, body: unknown): Promise<Response> {
  try {
    return await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Problem("network");
  }
}

async function signIn(path: string, body: unknown, guest: boolean): Promise<Session> {
  const response = await post(path, body);
  if (!response.ok) throw await problemOf(response);
  const next = adopt((await response.json()) as AuthAnswer, guest);
  remember(nicknameKey, next.name);
  return next;
}

export const rememberedNickname = (): string => recall(nicknameKey) ?? "";
export const signInAsGuest = (name: string) => signIn("/api/auth/guest", { name }, true);
export const logIn = (handle: string, password: string) => signIn("/api/auth/login", { handle, password }, false);
export const register = (handle: string, password: string, name: string) =>
  signIn("/api/auth/register", { handle, password, name }, false);

export async function logOut(): Promise<void> {
  const current = session.value;
  keep(null);
  if (!current) return;
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${current.accessToken}` };
  const body = JSON.stringify({ refreshToken: current.refreshToken });
  await fetch("/api/auth/logout", { method: "POST", headers, body }).catch(() => undefined);
}

export function renamed(name: string): void {
  if (session.value) keep({ ...session.value, name });
  remember(nicknameKey, name);
}

/** The server refused the access token although it is not due yet: exchange it before the next use. */
export function distrust(accessToken: string): void {
  const current = session.value;
  if (current?.accessToken === accessToken) keep({ ...current, expiresAt: 0 });
}

/**
 * An access token that is good for a while. Throws `unauthorized` when nobody is signed in, `network` when that
 * cannot be told.
 */
export async function freshToken(): Promise<string> {
  const current = session.value;
  if (!current) throw new Problem("unauthorized", 401);
  if (current.expiresAt - marginMs > Date.now()) return current.accessToken;
  return exchange();
}

let exchangeUnderWay: Promise<string> | null = null;

function exchange(): Promise<string> {
  exchangeUnderWay ??= alone(refresh).finally(() => (exchangeUnderWay = null));
  return exchangeUnderWay;
}

/** What one window stores reaches another within this time; browsers promise no more for localStorage. */
const spreadMs = 250;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** One window at a time: two that send the same refresh token would end the login. */
function alone(work: () => Promise<string>): Promise<string> {
  if (!navigator.locks) {
    // No locks without a secure context: step apart, so that the second window finds the first one's token stored.
    return pause(Math.random() * 4 * spreadMs).then(work);
  }
  return new Promise((resolve, reject) => {
    void navigator.locks.request("rednote.refresh", async () => {
      await work().then(resolve, reject);
      // The token is in use here at once; the next window gets its turn when it can see it.
      await pause(spreadMs);
    });
  });
}

async function refresh(): Promise<string> {
  const current = stored() ?? session.value;
  if (!current) throw new Problem("unauthorized", 401);
  if (current.expiresAt - marginMs > Date.now()) {
    session.set(current);
    return current.accessToken;
  }
  const response = await post("/api/auth/refresh", { refreshToken: current.refreshToken });
  if (response.ok) return adopt((await response.json()) as AuthAnswer, current.guest).accessToken;
  const problem = await problemOf(response);
  if (response.status === 401 || response.status === 400) {
    keep(null);
    endedLogins.set(endedLogins.value + 1);
    throw new Problem("unauthorized", 401);
  }
  throw problem;
}
