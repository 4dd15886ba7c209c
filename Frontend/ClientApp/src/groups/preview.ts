import { text } from "../i18n";
import type { Group, Message } from "../wire/group-types";

/** A message in one line, as lists show it. */
export function previewOf(message: Message, group: Pick<Group, "kind">, userId: string | undefined): string {
  if (message.recalled) return recalledText(message, userId);
  const line = lineOf(message);
  return group.kind === "direct" || message.from === userId ? line : `${message.fromName}: ${line}`;
}

export function lineOf(message: Pick<Message, "text" | "card">): string {
  if (message.text) return message.text;
  return message.card ? `[${cardName(message.card.kind)}]` : "";
}

export function recalledText(message: Message, userId: string | undefined): string {
  return message.from === userId ? text("chat.recalledMine") : text("chat.recalled", { name: message.fromName });
}

export function cardName(kind: string): string {
  if (kind === "room") return text("lobby.live");
  if (kind === "deal") return text("chat.cardDeal");
  return kind === "poll" ? text("chat.cardPoll") : text("chat.note");
}
