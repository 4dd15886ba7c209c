import { recall, remember } from "../shell/storage";

/** Draws remembered as entered: the server does not tell who has, so that a reload still knows it. */
const maxKept = 50;
const storageKey = "rednote.draws";

const entry = (userId: string, roomId: string, drawId: string) => `${userId}/${roomId}/${drawId}`;

function kept(): string[] {
  try {
    const list: unknown = JSON.parse(recall(storageKey) ?? "[]");
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}

export function hasJoined(userId: string, roomId: string, drawId: string): boolean {
  return kept().includes(entry(userId, roomId, drawId));
}

export function rememberJoined(userId: string, roomId: string, drawId: string): void {
  const name = entry(userId, roomId, drawId);
  const others = kept().filter((other) => other !== name);
  remember(storageKey, JSON.stringify([...others, name].slice(-maxKept)));
}
