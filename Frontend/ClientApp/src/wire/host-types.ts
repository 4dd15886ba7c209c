// What only the host and the moderators get, and what the tape and the fans are.

import type { Counters, Draw, HoldMode } from "./types";

export interface HeldDanmaku {
  heldId: number;
  userId: string;
  name: string;
  text: string;
  reason: "review" | "blocked_word" | "suspicious";
  at: number;
}

export interface HeldPage {
  items: HeldDanmaku[];
  total: number;
  next?: number | null;
}

export interface HostSettings {
  slowModeSeconds: number;
  followersOnly: boolean;
  blockedWords: string[];
  hold: HoldMode;
  shield: boolean;
}

export interface AuditItem {
  id: number;
  at: number;
  act: string;
  by?: string | null;
  userId?: string | null;
  seq?: number | null;
  heldId?: number | null;
  until?: number | null;
  text?: string | null;
  settings?: HostSettings | null;
}

export interface AuditPage {
  items: AuditItem[];
  next?: number | null;
}

/** received = pending + shown + merged + sampled + held + the sum of rejected. */
export interface VerdictTotals {
  received: number;
  pending: number;
  shown: number;
  merged: number;
  sampled: number;
  held: number;
  rejected: Record<string, number>;
  repeated?: number;
}

export interface RoomStats {
  epoch: number;
  counters: Counters;
  verdicts: VerdictTotals;
}

export interface FanCard {
  rank: number;
  userId: string;
  name: string;
  points: number;
  watchSeconds: number;
}

/** What a room counts of one viewer. */
export interface Fan {
  userId: string;
  points: number;
  watchSeconds: number;
  rank?: number | null;
}

/** One thing on the tape; `at` is media time, ms since the room went live. */
export interface TapeItem {
  at: number;
  kind: string;
  [field: string]: unknown;
}

export interface TapePage {
  items: TapeItem[];
  next?: string | null;
}

export interface EntrantPage {
  items: string[];
  next?: string | null;
}

export interface NewPoll {
  question: string;
  options: string[];
  multiple: boolean;
  anonymous: boolean;
  seconds: number;
  key: string;
}

export interface NewDraw {
  prize: string;
  winners: number;
  seconds: number;
  condition: Draw["condition"];
  key: string;
}
