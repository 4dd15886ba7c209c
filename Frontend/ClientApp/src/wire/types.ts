// The shapes of the wire contract that the page uses. Ids are strings: they hold 64-bit integers.

export type RoomPhase = "scheduled" | "live" | "ended";
export type DanmakuMode = "scroll" | "top" | "bottom" | "reverse";

export interface Counters {
  viewers: number;
  peakViewers: number;
  likes: number;
  danmaku: number;
}

export interface Room {
  roomId: string;
  title: string;
  cover?: string | null;
  state: RoomPhase;
  hostId: string;
  hostName: string;
  startedAt?: number | null;
  endedAt?: number | null;
  counters: Counters;
}

export interface RoomSettings {
  slowModeSeconds: number;
  followersOnly: boolean;
  blockedWords: string[];
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

export interface RoomEvent {
  kind: string;
  at: number;
  [field: string]: unknown;
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
  pinned?: { text?: string | null } | null;
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
