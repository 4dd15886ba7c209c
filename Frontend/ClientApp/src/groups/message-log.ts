import type { Card, GroupEvent, Message } from "../wire/group-types";

/** What this user has sent and the server has not confirmed. */
export interface Outgoing {
  key: string;
  text: string;
  replyTo: number | null;
  mentions: readonly string[];
  card: Card | null;
  state: "sending" | "failed";
  /** Why it was not taken; absent: it never got an answer. */
  reason?: string;
}

/** A stretch of a group's messages without a hole, oldest first. */
export interface MessageLog {
  messages: readonly Message[];
  /** Whether there are older ones than these. */
  hasOlder: boolean;
  /** Whether there are newer ones: somebody looks at what was said long ago. New ones are not added then. */
  hasNewer: boolean;
}

/** As many are kept while the end is in sight; older ones can be had again. */
export const maxKept = 1_000;

export const emptyLog: MessageLog = { messages: [], hasOlder: false, hasNewer: false };

/** Messages as an answer has them: the newest, or some of long ago. */
export function fresh(messages: readonly Message[], hasOlder: boolean, hasNewer = false): MessageLog {
  return { messages: inOrder(messages), hasOlder, hasNewer };
}

/** Newer messages, behind what is there, of which the last page brings the end. */
export function withRest(log: MessageLog, newer: readonly Message[], hasMore: boolean): MessageLog {
  return { ...withNewer({ ...log, hasNewer: false }, newer), hasNewer: hasMore };
}

/** Older messages, in front. Only those right before what is there: anything else would leave a hole. */
export function withOlder(log: MessageLog, older: readonly Message[], hasMore: boolean): MessageLog {
  const first = log.messages[0]?.seq ?? Infinity;
  const missing = inOrder(older).filter((message) => message.seq < first);
  return { ...log, messages: [...missing, ...log.messages], hasOlder: hasMore };
}

/** Messages that are newer, or the same as they are now. */
export function withNewer(log: MessageLog, sent: readonly Message[]): MessageLog {
  const last = log.messages.at(-1)?.seq ?? 0;
  const wanted = log.hasNewer ? sent.filter((message) => message.seq <= last) : sent;
  const known = new Map(log.messages.map((message) => [message.seq, message]));
  for (const message of wanted) known.set(message.seq, withMine(message, known.get(message.seq)));
  return { ...log, messages: inOrder([...known.values()]) };
}

/** Keeps the newest only, once the reader is at the end again. */
export function trimmed(log: MessageLog): MessageLog {
  if (log.hasNewer || log.messages.length <= maxKept) return log;
  return { ...log, messages: log.messages.slice(-maxKept), hasOlder: true };
}

/** What an event makes of the messages; the same log when it is about none that is here. */
export function withEvent(log: MessageLog, event: GroupEvent, userId: string | undefined): MessageLog {
  switch (event.kind) {
    case "message":
      return withNewer(log, [event.message]);
    case "edited":
      return changed(log, event.message.seq, (before) => withMine(event.message, before));
    case "recalled":
      return changed(log, event.seq, recalled);
    case "reaction":
      return changed(log, event.seq, (before) => reacted(before, event, event.userId === userId));
    default:
      return log;
  }
}

export function recalled(message: Message): Message {
  const { reactions: _, myReactions: __, card: ___, ...rest } = message;
  return { ...rest, text: "", recalled: true };
}

/** This user's reaction at once; the event that follows brings the count for everybody. */
export function withOwnReaction(log: MessageLog, seq: number, emoji: string, on: boolean): MessageLog {
  return changed(log, seq, (before) => {
    if ((before.myReactions?.includes(emoji) ?? false) === on) return before;
    const count = (before.reactions?.[emoji] ?? 0) + (on ? 1 : -1);
    return reacted(before, { emoji, count, on }, true);
  });
}

function reacted(
  message: Message,
  { emoji, count, on }: { emoji: string; count: number; on: boolean },
  isMine: boolean,
): Message {
  const reactions = { ...message.reactions };
  if (count > 0) reactions[emoji] = count;
  else delete reactions[emoji];
  const mine = (message.myReactions ?? []).filter((other) => other !== emoji || !isMine);
  return { ...message, reactions, myReactions: isMine && on ? [...mine, emoji] : mine };
}

/** What everybody is sent does not say what this user reacted with. */
function withMine(message: Message, before: Message | undefined): Message {
  const mine = message.myReactions ?? before?.myReactions;
  return mine ? { ...message, myReactions: mine } : message;
}

function changed(log: MessageLog, seq: number, change: (before: Message) => Message): MessageLog {
  const at = log.messages.findIndex((message) => message.seq === seq);
  if (at < 0) return log;
  const messages = [...log.messages];
  messages[at] = change(messages[at]!);
  return { ...log, messages };
}

function inOrder(messages: readonly Message[]): readonly Message[] {
  return [...messages].sort((a, b) => a.seq - b.seq);
}
