import type { MessageKey } from "../i18n/messages";
import type { LogItem } from "./danmaku-log";

/** What to read aloud of the lines after `upTo`; one's own are known already. Null: nothing. Pure. */
export function summaryOf(
  items: readonly LogItem[],
  upTo: number,
): { key: MessageKey; values: Record<string, string | number>; upTo: number } | null {
  const fresh = items.filter((item) => item.seq > upTo && !item.own);
  const last = fresh[fresh.length - 1];
  if (!last) return null;
  const values = { n: fresh.length, name: last.name, text: last.text };
  return { key: fresh.length === 1 ? "room.announceOne" : "room.announceMany", values, upTo: last.seq };
}
