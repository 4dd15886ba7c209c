import { call, itemsOf } from "./api";
import type { Draw, Pk, Poll, Question, RoomPin } from "./types";
import type {
  AuditPage,
  EntrantPage,
  Fan,
  FanCard,
  HeldPage,
  HostSettings,
  NewDraw,
  NewPoll,
  RoomStats,
  TapePage,
} from "./host-types";

const id = encodeURIComponent;
const at = (roomId: string, rest: string) => `/api/rooms/${id(roomId)}/${rest}`;

/** What may be pinned: exactly one of these. */
export type Pinnable = { text: string } | { pollId: string } | { questionId: string } | { dealId: string };

/** What everybody may read of a room beside what the hub brings. */
export const roomApi = {
  poll: (roomId: string, pollId: string) => call<Poll>("GET", at(roomId, `polls/${id(pollId)}`)),
  draw: (roomId: string, drawId: string) => call<Draw>("GET", at(roomId, `draws/${id(drawId)}`)),
  entrants: (roomId: string, drawId: string, after: string | null, limit: number) =>
    call<EntrantPage>(
      "GET",
      at(roomId, `draws/${id(drawId)}/entrants?limit=${limit}${after ? `&after=${id(after)}` : ""}`),
    ),
  questions: async (roomId: string, state: "open" | "answered", limit = 100) =>
    itemsOf(await call<{ items: Question[] }>("GET", at(roomId, `questions?sort=top&state=${state}&limit=${limit}`))),
  withdraw: (roomId: string, questionId: string) => call<void>("DELETE", at(roomId, `questions/${id(questionId)}`)),
  fans: async (roomId: string, limit: number) =>
    itemsOf(await call<{ items: FanCard[] }>("GET", at(roomId, `fans?limit=${limit}`))),
  mine: (roomId: string) => call<Fan>("GET", at(roomId, "me")),
  tape: (roomId: string, from: string, limit: number) =>
    call<TapePage>("GET", at(roomId, `tape?from=${id(from)}&limit=${limit}`)),
  recall: (roomId: string, seq: number) => call<void>("DELETE", at(roomId, `danmaku/${seq}`)),
};

/** What the host and, for most of it, the moderators do. */
export const hostApi = {
  settings: (roomId: string) => call<HostSettings>("GET", at(roomId, "settings")),
  changeSettings: (roomId: string, change: Partial<HostSettings>) =>
    call<HostSettings>("PATCH", at(roomId, "settings"), change),
  openPoll: (roomId: string, poll: NewPoll) => call<Poll>("POST", at(roomId, "polls"), poll),
  closePoll: (roomId: string, pollId: string) => call<Poll>("POST", at(roomId, `polls/${id(pollId)}/close`)),
  openPk: (roomId: string, pk: { left: string; right: string; seconds: number; key: string }) =>
    call<Pk>("POST", at(roomId, "pk"), pk),
  closePk: (roomId: string, pkId: string) => call<Pk>("POST", at(roomId, `pk/${id(pkId)}/close`)),
  openDraw: (roomId: string, draw: NewDraw) => call<Draw>("POST", at(roomId, "draws"), draw),
  answer: (roomId: string, questionId: string, text: string | null) =>
    call<Question>("POST", at(roomId, `questions/${id(questionId)}/answer`), text === null ? {} : { text }),
  pin: (roomId: string, what: Pinnable) => call<RoomPin>("PUT", at(roomId, "pin"), what),
  unpin: (roomId: string) => call<void>("DELETE", at(roomId, "pin")),
  mute: (roomId: string, userId: string, seconds: number | null) =>
    call<void>("PUT", at(roomId, `mutes/${id(userId)}`), seconds === null ? undefined : { seconds }),
  unmute: (roomId: string, userId: string) => call<void>("DELETE", at(roomId, `mutes/${id(userId)}`)),
  addModerator: (roomId: string, userId: string) => call<void>("PUT", at(roomId, `moderators/${id(userId)}`)),
  removeModerator: (roomId: string, userId: string) => call<void>("DELETE", at(roomId, `moderators/${id(userId)}`)),
  held: (roomId: string, after: number, limit: number) =>
    call<HeldPage>("GET", at(roomId, `held?after=${after}&limit=${limit}`)),
  approve: (roomId: string, heldId: number) => call<{ seq: number }>("POST", at(roomId, `held/${heldId}/approve`)),
  refuse: (roomId: string, heldId: number) => call<void>("POST", at(roomId, `held/${heldId}/refuse`)),
  audit: (roomId: string, before: number | null, limit: number) =>
    call<AuditPage>("GET", at(roomId, `audit?limit=${limit}${before === null ? "" : `&before=${before}`}`)),
  stats: (roomId: string) => call<RoomStats>("GET", at(roomId, "stats")),
};
