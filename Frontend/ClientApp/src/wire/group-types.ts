// The shapes of groups, conversations and notifications. Ids are strings: they hold 64-bit integers.

import type { Poll, PollTally } from "./types";

export type GroupKind = "group" | "direct";
export type GroupRole = "member" | "admin" | "owner";
export type JoinPolicy = "open" | "approval" | "invite";
export type CardKind = "note" | "room" | "deal" | "poll";

export interface Announcement {
  text: string;
  by: string;
  at: number;
}

export interface Group {
  groupId: string;
  kind: GroupKind;
  /** Of a conversation of two: the other one's name. */
  name: string;
  announcement?: Announcement | null;
  joinPolicy: JoinPolicy;
  ownerId?: string | null;
  members: number;
  maxMembers: number;
  createdAt: number;
  lastSeq: number;
  /** Absent: not a member. */
  myRole?: GroupRole | null;
  mutedUntil?: number | null;
  peerId?: string | null;
}

export interface GroupMember {
  userId: string;
  name: string;
  role: GroupRole;
  joinedAt: number;
  readSeq: number;
  mutedUntil?: number | null;
  points: number;
}

export interface MemberPage {
  items: GroupMember[];
  next?: string | null;
}

export interface Card {
  kind: CardKind;
  id: string;
}

export interface Message {
  seq: number;
  from: string;
  fromName: string;
  text: string;
  at: number;
  replyTo?: number | null;
  mentions?: string[] | null;
  card?: Card | null;
  editedAt?: number | null;
  recalled?: boolean | null;
  reactions?: Record<string, number> | null;
  /** With what this user reacted; absent in what everybody is sent. */
  myReactions?: string[] | null;
}

export interface MessagePage {
  items: Message[];
  hasMore: boolean;
}

/** A group in the list. */
export interface ListedGroup extends Group {
  unread: number;
  unreadMentions: number;
  readSeq: number;
  lastMessage?: Message | null;
}

export type MemberChange = "joined" | "left" | "removed" | "role" | "muted" | "unmuted" | "requested";

export type GroupEvent =
  | { kind: "message" | "edited"; at: number; message: Message }
  | { kind: "recalled"; at: number; seq: number; by: string }
  | { kind: "reaction"; at: number; seq: number; emoji: string; count: number; userId: string; on: boolean }
  | { kind: "read"; at: number; userId: string; seq: number }
  | { kind: "typing"; at: number; userId: string; name: string }
  | {
      kind: "member";
      at: number;
      change: MemberChange;
      userId: string;
      name: string;
      by: string;
      role?: GroupRole | null;
      mutedUntil?: number | null;
      members: number;
    }
  | { kind: "announcement"; at: number; announcement?: Announcement | null }
  | { kind: "renamed"; at: number; name: string; by: string }
  | { kind: "poll"; at: number; tally: PollTally }
  | { kind: "gap"; at: number; from: number; to: number };

export interface OpenedGroup {
  group: Group;
  members: GroupMember[];
  lastSeq: number;
  readSeq: number;
  messages: Message[];
  hasMore: boolean;
}

export interface SendAnswer {
  status: "accepted" | "rejected";
  seq?: number | null;
  at?: number | null;
  reason?: string | null;
  retryAfterMs?: number | null;
}

export interface MessageDraft {
  text: string;
  replyTo?: number | null;
  mentions?: string[];
  card?: Card | null;
  key: string;
}

export interface Receipts {
  seq: number;
  read: number;
  unread: number;
  readers: { userId: string; name: string }[];
}

export interface Digest {
  since: number;
  upTo: number;
  messages: number;
  isWhole: boolean;
  senders: { userId: string; name: string; messages: number }[];
  mostReacted: Message[];
  mentions: Message[];
  questions: Message[];
  links: { url: string; seq: number }[];
  summary?: string | null;
}

export interface Invite {
  code: string;
  by: string;
  expiresAt: number;
  usesLeft?: number | null;
}

export interface JoinRequest {
  userId: string;
  name: string;
  at: number;
}

export interface JoinedGroup {
  status: "joined" | "requested";
  group?: Group | null;
}

export interface GroupPoll {
  poll: Poll;
  seq: number;
}

export type NoticeKind =
  | "mention"
  | "reply"
  | "direct"
  | "group"
  | "group_joined"
  | "group_removed"
  | "group_role"
  | "join_request"
  | "follow";

export interface Notification {
  id: string;
  kind: NoticeKind;
  at: number;
  /** How many it gathers. */
  count: number;
  read: boolean;
  groupId?: string | null;
  groupName?: string | null;
  from?: string | null;
  fromName?: string | null;
  seq?: number | null;
  text?: string | null;
}

export interface NotificationPage {
  items: Notification[];
  unread: number;
  hasMore: boolean;
}
