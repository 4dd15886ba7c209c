import type { Group, GroupEvent, GroupMember, OpenedGroup } from "../wire/group-types";
import type { Poll } from "../wire/types";
import { emptyLog, fresh, withEvent, withNewer, type MessageLog, type Outgoing } from "./message-log";

/** Somebody types for so long after the last word of it. */
export const typingMs = 5_000;

/** From so many missed messages on, what happened meanwhile is offered in short. */
export const digestFrom = 10;

/** The group that is looked at. */
export interface ChatView {
  groupId: string | null;
  /** Null: not known yet. */
  group: Group | null;
  members: readonly GroupMember[];
  log: MessageLog;
  outgoing: readonly Outgoing[];
  readSeq: number;
  /** The last message that was read when the group was opened: what is after it is new. */
  openedAt: number;
  /** How many of those there were. */
  missed: number;
  /** Who types, and until when that is believed. */
  typing: ReadonlyMap<string, { name: string; until: number }>;
  polls: ReadonlyMap<string, Poll>;
  loading: boolean;
  /** Why there is nothing to see: a code. */
  problem: string | null;
}

export const emptyChat: ChatView = {
  groupId: null,
  group: null,
  members: [],
  log: emptyLog,
  outgoing: [],
  readSeq: 0,
  openedAt: 0,
  missed: 0,
  typing: new Map(),
  polls: new Map(),
  loading: false,
  problem: null,
};

/** The group as it answered. What is shown already stays, so that a connection that was lost is not noticed. */
export function opened(view: ChatView, answer: OpenedGroup, userId: string | undefined): ChatView {
  const isFirst = view.group === null;
  const before = answer.messages[0]?.seq ?? 1;
  const log = isFirst ? fresh(answer.messages, before > 1) : withNewer(view.log, answer.messages);
  const readSeq = Math.max(view.readSeq, answer.readSeq);
  const missed = Math.max(0, answer.lastSeq - answer.readSeq);
  return {
    ...view,
    group: answer.group,
    members: answer.members,
    log,
    readSeq,
    openedAt: isFirst ? answer.readSeq : view.openedAt,
    missed: isFirst ? missed : view.missed,
    polls: withoutStale(view.polls, userId),
    problem: null,
  };
}

/** Polls are asked for again when their cards are shown: tallies may have been missed. */
function withoutStale(polls: ReadonlyMap<string, Poll>, userId: string | undefined): ReadonlyMap<string, Poll> {
  return userId === undefined ? new Map() : polls;
}

/**
 * A poll may be taken back with the message that shows it, wherever else it is shown: it is asked for again there, and
 * that says whether it is still to be seen.
 */
function withoutPollOf(view: ChatView, seq: number): ChatView {
  const card = view.log.messages.find((message) => message.seq === seq)?.card;
  if (card?.kind !== "poll") return view;
  const polls = new Map(view.polls);
  polls.delete(card.id);
  return { ...view, polls };
}

/** What an event makes of the group. */
export function withChatEvent(view: ChatView, event: GroupEvent, userId: string | undefined, now: number): ChatView {
  switch (event.kind) {
    case "message":
      return { ...withLog(view, event, userId), typing: without(view.typing, event.message.from) };
    case "edited":
    case "reaction":
      return withLog(view, event, userId);
    case "recalled":
      return withLog(withoutPollOf(view, event.seq), event, userId);
    case "read":
      return withRead(view, event.userId, event.seq, userId);
    case "typing":
      if (event.userId === userId) return view;
      return { ...view, typing: new Map(view.typing).set(event.userId, { name: event.name, until: now + typingMs }) };
    case "member":
      return withMember(view, event, userId);
    case "announcement":
      return withGroup(view, { announcement: event.announcement ?? null });
    case "renamed":
      return withGroup(view, { name: event.name });
    case "poll": {
      const poll = view.polls.get(event.tally.pollId);
      return poll ? { ...view, polls: new Map(view.polls).set(poll.pollId, { ...poll, ...event.tally }) } : view;
    }
    default:
      return view;
  }
}

/** Names of those who type at that time. */
export function typingNow(view: ChatView, now: number): readonly string[] {
  return [...view.typing.values()].filter((one) => one.until > now).map((one) => one.name);
}

/** Whether this user may say something: not while muted. */
export function isMuted(view: ChatView, now: number): boolean {
  return (view.group?.mutedUntil ?? 0) > now;
}

/** Whether this user runs the group. */
export function runs(group: Group | null): boolean {
  return group?.myRole === "owner" || group?.myRole === "admin";
}

function withLog(view: ChatView, event: GroupEvent, userId: string | undefined): ChatView {
  return { ...view, log: withEvent(view.log, event, userId) };
}

function withGroup(view: ChatView, change: Partial<Group>): ChatView {
  return view.group ? { ...view, group: { ...view.group, ...change } } : view;
}

function withRead(view: ChatView, reader: string, seq: number, userId: string | undefined): ChatView {
  const members = view.members.map((member) =>
    member.userId === reader && member.readSeq < seq ? { ...member, readSeq: seq } : member,
  );
  return { ...view, members, readSeq: reader === userId ? Math.max(view.readSeq, seq) : view.readSeq };
}

function withMember(
  view: ChatView,
  event: Extract<GroupEvent, { kind: "member" }>,
  userId: string | undefined,
): ChatView {
  if (event.change === "requested") return view;
  const isMe = event.userId === userId;
  const gone = event.change === "left" || event.change === "removed";
  const group: Partial<Group> = {
    members: event.members,
    ...(isMe && event.role ? { myRole: event.role } : {}),
    ...(isMe ? { mutedUntil: event.mutedUntil ?? null } : {}),
    ...(event.role === "owner" ? { ownerId: event.userId } : {}),
  };
  const changed = withGroup({ ...view, members: membersAfter(view, event, gone) }, group);
  return isMe && gone ? { ...changed, problem: event.change === "removed" ? "removed" : "left" } : changed;
}

function membersAfter(
  view: ChatView,
  event: Extract<GroupEvent, { kind: "member" }>,
  gone: boolean,
): readonly GroupMember[] {
  if (gone) return view.members.filter((member) => member.userId !== event.userId);
  const known = view.members.some((member) => member.userId === event.userId);
  if (!known) {
    if (event.change !== "joined") return view.members;
    const joined = { userId: event.userId, name: event.name, role: event.role ?? "member", joinedAt: event.at };
    return [...view.members, { ...joined, readSeq: 0, points: 0 }];
  }

  return view.members.map((member) =>
    member.userId === event.userId
      ? { ...member, name: event.name, role: event.role ?? member.role, mutedUntil: event.mutedUntil ?? null }
      : member,
  );
}

function without(
  typing: ReadonlyMap<string, { name: string; until: number }>,
  userId: string,
): ReadonlyMap<string, { name: string; until: number }> {
  if (!typing.has(userId)) return typing;
  const rest = new Map(typing);
  rest.delete(userId);
  return rest;
}
