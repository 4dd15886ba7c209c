import { withDeals, withDealTickers } from "../deals/deals";
import { withDraws, withDrawTallies } from "../draws/draws";
import { withPks, withPkTallies, withPolls, withPollTallies } from "../polls/polls";
import { withoutQuestion, withQuestions, withQuestionTallies } from "../questions/questions";
import type { Deal } from "../wire/deal-types";
import type {
  Counters,
  Draw,
  JoinResult,
  Pk,
  Poll,
  Question,
  Room,
  RoomEvent,
  RoomFrame,
  RoomPin,
  RoomSettings,
} from "../wire/types";
import type { LogItem } from "./danmaku-log";
import { readSettings } from "./settings";

/** A danmaku of this user that waits for review, or was refused there. */
export interface HeldLine {
  heldId: number;
  text: string;
  refused: boolean;
}

/** What a room is and has at a moment, but for the danmaku. */
export interface RoomThings {
  room: Room | null;
  counters: Counters;
  settings: RoomSettings;
  pinned: RoomPin | null;
  polls: readonly Poll[];
  pks: readonly Pk[];
  questions: readonly Question[];
  draws: readonly Draw[];
  deals: readonly Deal[];
  moderators: readonly string[];
  /** Users who were muted while this page was here, and until when (Unix ms; null: until it is lifted). */
  muted: ReadonlyMap<string, number | null>;
  held: readonly HeldLine[];
}

export interface RoomView extends RoomThings {
  status: "joining" | "here" | "missing";
  items: readonly LogItem[];
  /** Danmaku that were counted but not shown on the screens, since the page opened. */
  shed: number;
}

const noCounters: Counters = { viewers: 0, peakViewers: 0, likes: 0, danmaku: 0 };
export const noSettings: RoomSettings = {
  slowModeSeconds: 0,
  followersOnly: false,
  blockedWords: [],
  hold: "off",
  shield: false,
};

/** Users remembered as muted; the server keeps the true list. */
export const maxMutedKnown = 500;
/** Own danmaku in review that are shown; who has more of them waits anyway. */
export const maxHeldLines = 20;

export const emptyView: RoomView = {
  status: "joining",
  room: null,
  counters: noCounters,
  settings: noSettings,
  pinned: null,
  polls: [],
  pks: [],
  questions: [],
  draws: [],
  deals: [],
  moderators: [],
  muted: new Map(),
  held: [],
  items: [],
  shed: 0,
};

/** The room as JoinRoom says it is; of what the answer has no word about, what is known stays. */
export function thingsAtJoin(before: RoomThings, join: JoinResult): RoomThings {
  return {
    ...before,
    room: join.room,
    counters: join.counters,
    settings: readSettings(join.settings, noSettings),
    pinned: join.pinned ?? null,
    polls: withPolls(before.polls, join.polls ?? []),
    pks: withPks(before.pks, join.pks ?? []),
    questions: withQuestions(stillThere(before.questions, join), join.questions ?? []),
    draws: withDraws(before.draws, join.draws ?? []),
    deals: withDeals(before.deals, join.deals ?? []),
    moderators: join.moderators ?? [],
    // What was approved while this page was away is among the recent ones.
    held: before.held.filter((line) => !join.recent.some((danmaku) => danmaku.text === line.text)),
  };
}

/**
 * The answer holds the open questions that most want answered, not all. When they are few enough to be all of them,
 * another one that is here was answered or taken away meanwhile.
 */
function stillThere(known: readonly Question[], join: JoinResult): readonly Question[] {
  const sent = join.questions ?? [];
  if (sent.length >= joinQuestions) return known;
  return known.filter(
    (question) => question.state === "answered" || sent.some((other) => other.questionId === question.questionId),
  );
}

/** Fewer questions than this in an answer of JoinRoom are all that are open. */
const joinQuestions = 10;

/** Events first: they bring what the tallies count, and what they close is final. */
export function thingsAfter(before: RoomThings, frame: RoomFrame): RoomThings {
  const counted = frame.counters ? { ...before, counters: frame.counters } : before;
  const after = (frame.events ?? []).reduce(afterEvent, counted);
  if (!frame.polls && !frame.pks && !frame.questions && !frame.draws && !frame.deals) return after;
  return {
    ...after,
    polls: withPollTallies(after.polls, frame.polls ?? []),
    pks: withPkTallies(after.pks, frame.pks ?? []),
    questions: withQuestionTallies(after.questions, frame.questions ?? []),
    draws: withDrawTallies(after.draws, frame.draws ?? []),
    deals: frame.deals ? withDealTickers(after.deals, frame.deals) : after.deals,
  };
}

function afterEvent(before: RoomThings, event: RoomEvent): RoomThings {
  switch (event.kind) {
    case "started":
    case "ended":
      return { ...before, room: before.room && afterTurn(before.room, event) };
    case "settings":
      return { ...before, settings: readSettings(event["settings"] ?? event, before.settings) };
    case "pinned":
      return { ...before, pinned: (event["pin"] as RoomPin | undefined) ?? null };
    case "unpinned":
      return { ...before, pinned: null };
    case "poll_opened":
    case "poll_closed":
      return { ...before, polls: withPolls(before.polls, one<Poll>(event["poll"])) };
    case "pk_opened":
    case "pk_closed":
      return { ...before, pks: withPks(before.pks, one<Pk>(event["pk"])) };
    case "question":
    case "question_answered":
      return { ...before, questions: withQuestions(before.questions, one<Question>(event["question"])) };
    case "question_dismissed":
      return { ...before, questions: withoutQuestion(before.questions, String(event["questionId"])) };
    case "draw_opened":
    case "draw_result":
      return { ...before, draws: withDraws(before.draws, one<Draw>(event["draw"])) };
    case "deal_scheduled":
    case "deal_opened":
    case "deal_ended":
      return { ...before, deals: withDeals(before.deals, one<Deal>(event["deal"])) };
    case "moderator":
      return { ...before, moderators: afterAppointment(before.moderators, event) };
    case "muted":
      return { ...before, muted: afterMute(before.muted, event) };
    case "reviewed":
      return { ...before, held: afterReview(before.held, event) };
    default:
      // A kind this page does not know, or one that is not about what a room has.
      return before;
  }
}

function afterTurn(room: Room, event: RoomEvent): Room {
  return event.kind === "started"
    ? { ...room, state: "live", startedAt: event.at }
    : { ...room, state: "ended", endedAt: event.at };
}

function one<T>(thing: unknown): readonly T[] {
  return thing ? [thing as T] : [];
}

function afterAppointment(known: readonly string[], event: RoomEvent): readonly string[] {
  const user = String(event["userId"]);
  const others = known.filter((other) => other !== user);
  return event["moderator"] === true ? [...others, user] : others;
}

function afterMute(known: ReadonlyMap<string, number | null>, event: RoomEvent): ReadonlyMap<string, number | null> {
  const next = new Map(known);
  const user = String(event["userId"]);
  if (event["muted"] === false) next.delete(user);
  else if (next.size < maxMutedKnown || next.has(user)) {
    next.set(user, typeof event["until"] === "number" ? event["until"] : null);
  }
  return next;
}

function afterReview(known: readonly HeldLine[], event: RoomEvent): readonly HeldLine[] {
  const heldId = Number(event["heldId"]);
  if (event["approved"] === true) return known.filter((line) => line.heldId !== heldId);
  return known.map((line) => (line.heldId === heldId ? { ...line, refused: true } : line));
}

export function withHeld(known: readonly HeldLine[], heldId: number, text: string): readonly HeldLine[] {
  if (known.some((line) => line.heldId === heldId)) return known;
  return [...known, { heldId, text, refused: false }].slice(-maxHeldLines);
}

/** Somebody else is signed in now: what was the one's before is not theirs. */
export function withoutMine<T extends RoomThings>(things: T): T {
  return {
    ...things,
    polls: things.polls.map((poll) => ({ ...poll, myChoices: null })),
    questions: things.questions.map((question) => ({ ...question, upvoted: null })),
    held: [],
  };
}

/** What somebody may do here beside talking. A moderator keeps order, the host does everything. */
export type Say = "host" | "moderator" | "none";

export function sayOf(things: RoomThings, userId: string | undefined): Say {
  if (userId === undefined || !things.room) return "none";
  if (things.room.hostId === userId) return "host";
  return things.moderators.includes(userId) ? "moderator" : "none";
}
