import { Problem, problemOf } from "./problem";
import { serverClock } from "./server-clock";
import { distrust, freshToken, session } from "./session";
import type { Profile, Room } from "./types";

async function send(method: string, path: string, body: unknown, token: string | null): Promise<Response> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers["Authorization"] = `Bearer ${token}`;
  try {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(path, { method, headers, ...content });
    const date = Date.parse(response.headers.get("Date") ?? "");
    if (!Number.isNaN(date)) serverClock.observeDate(date);
    return response;
  } catch {
    throw new Problem("network");
  }
}

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const token = session.value ? await freshToken() : null;
  let response = await send(method, path, body, token);
  if (response.status === 401 && token) {
    distrust(token);
    response = await send(method, path, body, await freshToken());
  }
  if (!response.ok) throw await problemOf(response);
  return (
    response.status === 204 || response.headers.get("Content-Length") === "0"
      ? undefined
      : await response.json().catch(() => undefined)
  ) as T;
}

/** A list answer is an array or an object that holds one in `items`. */
export function itemsOf<T>(answer: T[] | { items?: T[] } | undefined): T[] {
  return Array.isArray(answer) ? answer : (answer?.items ?? []);
}

const id = encodeURIComponent;

export const api = {
  me: () => call<Profile>("GET", "/api/me"),
  editMe: (change: { name?: string; signature?: string }) => call<Profile>("PATCH", "/api/me", change),
  user: (userId: string) => call<Profile>("GET", `/api/users/${id(userId)}`),
  follow: (userId: string) => call<void>("PUT", `/api/users/${id(userId)}/follow`),
  unfollow: (userId: string) => call<void>("DELETE", `/api/users/${id(userId)}/follow`),

  liveRooms: async (limit = 60) =>
    itemsOf(await call<Room[] | { items?: Room[] }>("GET", `/api/rooms?state=live&limit=${limit}`)),
  endedRooms: async (limit: number) =>
    itemsOf(await call<Room[] | { items?: Room[] }>("GET", `/api/rooms?state=ended&limit=${limit}`)),
  room: (roomId: string) => call<Room>("GET", `/api/rooms/${id(roomId)}`),
  createRoom: (title: string) => call<Room>("POST", "/api/rooms", { title }),
  startRoom: (roomId: string) => call<unknown>("POST", `/api/rooms/${id(roomId)}/start`),
  endRoom: (roomId: string) => call<unknown>("POST", `/api/rooms/${id(roomId)}/end`),
};
