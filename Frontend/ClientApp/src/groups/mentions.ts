import type { Card, GroupMember } from "../wire/group-types";

/** Somebody who can be mentioned. */
export type Person = Pick<GroupMember, "userId" | "name">;

/** As many are suggested. */
const maxSuggested = 6;

/** The name that is being written behind an @ right before the cursor; null: none is. */
export function mentionAt(text: string, cursor: number): { from: number; query: string } | null {
  const from = text.lastIndexOf("@", cursor - 1);
  if (from < 0) return null;
  const query = text.slice(from + 1, cursor);
  return /[\n@]/.test(query) || query.length > 24 ? null : { from, query };
}

/** Members whose names begin with, or else hold, what is written. */
export function suggested(people: readonly Person[], query: string, not: string | undefined): readonly Person[] {
  const wanted = query.trim().toLowerCase();
  const others = people.filter((person) => person.userId !== not);
  const begins = others.filter((person) => person.name.toLowerCase().startsWith(wanted));
  const holds = others.filter((person) => !begins.includes(person) && person.name.toLowerCase().includes(wanted));
  return [...begins, ...holds].slice(0, maxSuggested);
}

/** The text with the name put in, and where the cursor goes. */
export function completed(text: string, at: { from: number; query: string }, name: string): [string, number] {
  const before = `${text.slice(0, at.from)}@${name} `;
  return [before + text.slice(at.from + 1 + at.query.length), before.length];
}

/** Of those who were picked, whoever's name still stands in the text. */
export function mentioned(text: string, picked: readonly Person[]): readonly string[] {
  return [...new Set(picked.filter((person) => text.includes(`@${person.name}`)).map((person) => person.userId))];
}

export interface TextPart {
  kind: "text" | "mention" | "link";
  text: string;
  /** Whether the mention is of this user. */
  mine?: boolean;
}

/** A message's text in parts: links, and the names of those whom it mentions. */
export function partsOf(text: string, mentions: readonly Person[], userId: string | undefined): readonly TextPart[] {
  const names = mentions.filter((person) => person.name !== "").map((person) => `@${person.name}`);
  const pattern = new RegExp(
    [
      /https?:\/\/[^\s<>"'，。！？；：（）【】]+/.source,
      ...names.sort((a, b) => b.length - a.length).map(escaped),
    ].join("|"),
    "gu",
  );
  const parts: TextPart[] = [];
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    const found = trimmedLink(match[0]);
    if (match.index > last) parts.push({ kind: "text", text: text.slice(last, match.index) });
    const person = mentions.find((other) => `@${other.name}` === found);
    parts.push(
      person ? { kind: "mention", text: found, mine: person.userId === userId } : { kind: "link", text: found },
    );
    last = match.index + found.length;
  }
  if (last < text.length) parts.push({ kind: "text", text: text.slice(last) });
  return parts;
}

/** A full stop behind a link is the sentence's. */
function trimmedLink(text: string): string {
  return text.startsWith("@") ? text : text.replace(/[.,;:!?)\]]+$/, "");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The address of a room with one of its deals, as it is copied and as {@link cardOf} knows it. */
export function dealAddress(origin: string, roomId: string, dealId: string): string {
  return `${origin}/room/${roomId}?deal=${dealId}`;
}

/** Whether a text is nothing but the address of a room here, or of a deal in one: it is shown as a card then. */
export function cardOf(text: string, host: string): Card | null {
  const match = /^https?:\/\/([^/]+)\/room\/(\d{1,19})(?:\/?|\?deal=(\d{1,19}))$/.exec(text.trim());
  if (!match || match[1] !== host) return null;
  return match[3] ? { kind: "deal", id: match[3] } : { kind: "room", id: match[2]! };
}
