// The shapes of the wire contract that the page uses. Ids are strings: they hold 64-bit integers.

import type { Deal, DealTicker, Money } from "./deal-types";

export type RoomPhase = "scheduled" | "live" | "ended";
export type DanmakuMode = "scroll" | "top" | "bottom" | "reverse";

export interface Counters {
  viewers: number;
  peakViewers: number;
  likes: number;
  danmaku: number;
  shares?: number;
  /** Orders that hold pieces or are paid. */
  orders?: number;
  /** What was paid for all of them. */
  sales?: Money;
}

export interface Room {
  roomId: string;
  title: string;
  cover?: string | null;
  state: RoomPhase;
  hostId: string;
  hostName: string;
  startsAt?: number | null;
  startedAt?: number | null;
  endedAt?: number | null;
  counters: Counters;
}

/** What waits for a moderator before it is shown. */
export type HoldMode = "off" | "words" | "suspicious" | "all";

export interface RoomSettings {
  slowModeSeconds: number;
  followersOnly: boolean;
  /** The host's alone: empty for everybody else. */
  blockedWords: string[];
  hold: HoldMode;
  shield: boolean;
}

export interface Danmaku {
  seq: number;
  userId: string;
  name: string;
  text: string;
  mode: DanmakuMode;
  color: string;
  at: number;
  mediaAt?: number;
  /** More than one: near-duplicates merged into this one. */
  count?: number | null;
}

/** Something that happened and that no viewer may miss; the fields belong to its kind. */
export interface RoomEvent {
  kind: string;
  at: number;
  [field: string]: unknown;
}

export interface Poll {
  pollId: string;
  question: string;
  options: string[];
  multiple: boolean;
  anonymous: boolean;
  counts: number[];
  voters: number;
  openedAt: number;
  closesAt: number;
  closed: boolean;
  /** What this user chose; absent: has not voted. */
  myChoices?: number[] | null;
}

export interface PollTally {
  pollId: string;
  counts: number[];
  voters: number;
  closed: boolean;
}

export type PkSide = "left" | "right";

export interface Pk {
  pkId: string;
  left: string;
  right: string;
  leftPoints: number;
  rightPoints: number;
  openedAt: number;
  closesAt: number;
  closed: boolean;
  winner?: PkSide | "draw" | null;
}

export interface PkTally {
  pkId: string;
  leftPoints: number;
  rightPoints: number;
  closed: boolean;
}

export interface Question {
  questionId: string;
  userId: string;
  name: string;
  text: string;
  upvotes: number;
  at: number;
  state: "open" | "answered";
  /** In writing; absent: by word of mouth, or not yet. */
  answer?: string | null;
  answeredAt?: number | null;
  upvoted?: boolean | null;
}

export interface QuestionTally {
  questionId: string;
  upvotes: number;
}

export type DrawConditionKind = "none" | "password" | "voted" | "followed" | "watched";

export interface DrawCondition {
  kind: DrawConditionKind;
  /** The pass-phrase, or the seconds of watching. */
  value?: string | number | null;
}

export interface Draw {
  drawId: string;
  prize: string;
  winners: number;
  condition: DrawCondition;
  openedAt: number;
  closesAt: number;
  closed: boolean;
  entrants: number;
  commitment: string;
  entrantsHash?: string | null;
  seed?: string | null;
  winnerIds?: string[] | null;
}

export interface DrawTally {
  drawId: string;
  entrants: number;
  closed: boolean;
}

export interface RoomPin {
  at: number;
  text?: string | null;
  pollId?: string | null;
  questionId?: string | null;
  dealId?: string | null;
}

export interface Shed {
  merged: number;
  sampled: number;
  skipped?: number | null;
}

export interface RoomFrame {
  epoch: number;
  seq: number;
  at: number;
  /** First sequence this frame stands for; absent when it stands for itself alone. */
  from?: number | null;
  counters?: Counters | null;
  danmaku?: Danmaku[] | null;
  polls?: PollTally[] | null;
  pks?: PkTally[] | null;
  questions?: QuestionTally[] | null;
  draws?: DrawTally[] | null;
  deals?: DealTicker[] | null;
  events?: RoomEvent[] | null;
  shed?: Shed | null;
}

/** What a client already has, as JoinRoom and resync speak of it. */
export interface Since {
  epoch: number;
  seq: number;
  danmakuSeq?: number;
}

export interface JoinResult {
  room: Room;
  epoch: number;
  seq: number;
  counters: Counters;
  settings: RoomSettings;
  pinned?: RoomPin | null;
  polls?: Poll[];
  pks?: Pk[];
  questions?: Question[];
  draws?: Draw[];
  deals?: Deal[];
  moderators?: string[];
  recent: Danmaku[];
  recovered: boolean;
  missed: RoomFrame[];
}

export type VerdictStatus = "accepted" | "merged" | "held" | "rejected";

export interface Verdict {
  status: VerdictStatus;
  seq?: number | null;
  reason?: string | null;
  retryAfterMs?: number | null;
  /** Of a held danmaku: what the review will name. */
  heldId?: number | null;
  questionId?: string | null;
  /** Of a draw that was refused: the condition that is not met. */
  unmet?: DrawConditionKind | null;
}

export interface Profile {
  userId: string;
  name: string;
  signature: string;
  avatar?: string | null;
  level: number;
  followers: number;
  following: number;
  notes: number;
  likesReceived: number;
  isFollowing: boolean;
}

export interface AuthAnswer {
  userId: string;
  name: string;
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  refreshToken: string;
}
