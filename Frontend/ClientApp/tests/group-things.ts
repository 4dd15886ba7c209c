// Things of a group for tests, each with what its test does not care about filled in.
import { emptyChat, type ChatView } from "../src/groups/chat-view";
import type { Group, GroupMember, ListedGroup, Message, Notification } from "../src/wire/group-types";

export const message = (seq: number, more: Partial<Message> = {}): Message => ({
  seq,
  from: "2",
  fromName: "Bea",
  text: `m${seq}`,
  at: seq * 1_000,
  ...more,
});

export const group = (more: Partial<Group> = {}): Group => ({
  groupId: "7",
  kind: "group",
  name: "Tea",
  joinPolicy: "open",
  ownerId: "1",
  members: 3,
  maxMembers: 500,
  createdAt: 1,
  lastSeq: 0,
  myRole: "member",
  ...more,
});

export const listed = (more: Partial<ListedGroup> = {}): ListedGroup => ({
  ...group(),
  unread: 0,
  unreadMentions: 0,
  readSeq: 0,
  ...more,
});

export const member = (userId: string, more: Partial<GroupMember> = {}): GroupMember => ({
  userId,
  name: `User ${userId}`,
  role: "member",
  joinedAt: 1,
  readSeq: 0,
  points: 0,
  ...more,
});

export const chat = (more: Partial<ChatView> = {}): ChatView => ({
  ...emptyChat,
  groupId: "7",
  group: group(),
  members: [member("1"), member("2"), member("3")],
  ...more,
});

export const notification = (id: string, more: Partial<Notification> = {}): Notification => ({
  id,
  kind: "group",
  at: Number(id),
  count: 1,
  read: false,
  groupId: "7",
  ...more,
});
