import type { HoldMode, RoomSettings } from "../wire/types";

export const holdModes: readonly HoldMode[] = ["off", "words", "suspicious", "all"];

/** The settings in what the server sent; what it left out stays as it was. */
export function readSettings(sent: unknown, before: RoomSettings): RoomSettings {
  const from = (sent ?? {}) as Partial<Record<keyof RoomSettings, unknown>>;
  return {
    slowModeSeconds: typeof from.slowModeSeconds === "number" ? from.slowModeSeconds : before.slowModeSeconds,
    followersOnly: typeof from.followersOnly === "boolean" ? from.followersOnly : before.followersOnly,
    blockedWords: Array.isArray(from.blockedWords) ? from.blockedWords.map(String) : before.blockedWords,
    hold: holdModes.find((mode) => mode === from.hold) ?? before.hold,
    shield: typeof from.shield === "boolean" ? from.shield : before.shield,
  };
}

/** Words as a host types them: separated by commas (Chinese or Latin) or line breaks, each once. */
export function splitWords(text: string): string[] {
  const words = text
    .split(/[,,、\n]/)
    .map((word) => word.trim())
    .filter((word) => word.length > 0);
  return [...new Set(words)];
}
