import { call, itemsOf } from "./api";
import type {
  Digest,
  Group,
  GroupPoll,
  GroupRole,
  Invite,
  JoinedGroup,
  JoinPolicy,
  JoinRequest,
  ListedGroup,
  MemberPage,
  MessagePage,
  NotificationPage,
  Receipts,
} from "./group-types";
import type { NewPoll } from "./host-types";
import type { Poll } from "./types";

const id = encodeURIComponent;
const at = (groupId: string, rest = "") => `/api/groups/${id(groupId)}${rest}`;

export interface GroupChange {
  name?: string;
  announcement?: string;
  joinPolicy?: JoinPolicy;
}

/** Groups and conversations: what the hub does not bring. */
export const groupApi = {
  mine: async () => itemsOf(await call<{ items: ListedGroup[] }>("GET", "/api/me/groups")),
  make: (name: string, joinPolicy: JoinPolicy, memberIds: readonly string[]) =>
    call<Group>("POST", "/api/groups", { name, joinPolicy, memberIds }),
  converse: (userId: string) => call<Group>("POST", "/api/conversations", { userId }),
  get: (groupId: string) => call<Group>("GET", at(groupId)),
  change: (groupId: string, change: GroupChange) => call<Group>("PATCH", at(groupId), change),
  messages: (groupId: string, query: { before?: number; after?: number; limit: number }) =>
    call<MessagePage>("GET", at(groupId, `/messages?${queryText(query)}`)),
  search: (groupId: string, q: string, before: number | undefined, limit: number) =>
    call<MessagePage>("GET", at(groupId, `/search?${queryText({ q, before, limit })}`)),
  receipts: (groupId: string, seq: number) => call<Receipts>("GET", at(groupId, `/receipts?seq=${seq}`)),
  digest: (groupId: string, since: number) => call<Digest>("GET", at(groupId, `/digest?since=${since}`)),

  members: (groupId: string, after: string | null, limit: number) =>
    call<MemberPage>("GET", at(groupId, `/members?${queryText({ after: after ?? undefined, limit })}`)),
  join: (groupId: string, userId: string) => call<JoinedGroup>("PUT", at(groupId, `/members/${id(userId)}`)),
  remove: (groupId: string, userId: string) => call<void>("DELETE", at(groupId, `/members/${id(userId)}`)),
  setRole: (groupId: string, userId: string, role: GroupRole) =>
    call<void>("PUT", at(groupId, `/members/${id(userId)}/role`), { role }),
  mute: (groupId: string, userId: string, seconds: number) =>
    call<void>("PUT", at(groupId, `/mutes/${id(userId)}`), { seconds }),
  unmute: (groupId: string, userId: string) => call<void>("DELETE", at(groupId, `/mutes/${id(userId)}`)),
  requests: async (groupId: string) => itemsOf(await call<{ items: JoinRequest[] }>("GET", at(groupId, "/requests"))),
  invites: async (groupId: string) => itemsOf(await call<{ items: Invite[] }>("GET", at(groupId, "/invites"))),
  invite: (groupId: string) => call<Invite>("POST", at(groupId, "/invites"), {}),
  revoke: (groupId: string, code: string) => call<void>("DELETE", at(groupId, `/invites/${id(code)}`)),
  useInvite: (code: string) => call<JoinedGroup>("POST", `/api/invites/${id(code)}`),

  openPoll: (groupId: string, poll: NewPoll) => call<GroupPoll>("POST", at(groupId, "/polls"), poll),
  poll: (groupId: string, pollId: string) => call<Poll>("GET", at(groupId, `/polls/${id(pollId)}`)),
  closePoll: (groupId: string, pollId: string) => call<Poll>("POST", at(groupId, `/polls/${id(pollId)}/close`)),
};

/** What waits for whoever is signed in. */
export const inboxApi = {
  page: (after: string | null, limit: number) =>
    call<NotificationPage>("GET", `/api/me/notifications?${queryText({ after: after ?? undefined, limit })}`),
  read: (upTo: string) => call<{ unread: number } | undefined>("POST", "/api/me/notifications/read", { upTo }),
};

function queryText(query: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${id(String(value))}`)
    .join("&");
}
