import { Hub, type LinkState } from "../wire/hub";
import { backoffMs } from "../wire/backoff";
import { hubCode } from "../wire/problem";
import { session } from "../wire/session";
import { Store } from "../shell/store";
import type {
  Counters,
  Danmaku,
  DanmakuMode,
  JoinResult,
  Room,
  RoomEvent,
  RoomFrame,
  RoomSettings,
  Verdict,
} from "../wire/types";
import { DanmakuLog, type LogItem } from "./danmaku-log";
import { LikeGatherer } from "./like-gatherer";
import { RoomFeed, type FeedStep } from "./room-feed";
import { readSettings } from "./settings";
import { newKey } from "./text";

export interface RoomView {
  status: "joining" | "here" | "missing";
  room: Room | null;
  counters: Counters;
  settings: RoomSettings;
  pinned: string | null;
  items: readonly LogItem[];
  /** Danmaku that were counted but not shown on the screens, since the page opened. */
  shed: number;
  /** Users whom the host muted while this page was here. */
  muted: ReadonlySet<string>;
}

/** What the stage does at once, beside what the view shows. */
export type StageCue =
  | { kind: "fly"; item: LogItem }
  | { kind: "grow"; item: LogItem }
  | { kind: "remove"; seq: number }
  | { kind: "tap" }
  | { kind: "likes"; more: number }
  | { kind: "sampled" }
  | { kind: "likesLimited" };

/** Of what was missed while away, this many fly; all of it is in the list. */
const missedThatFly = 20;
/** How long a message waits for the connection before the page says that it was not sent. */
const sendLimitMs = 15_000;
const likePeriodMs = 1_000;

const noCounters: Counters = { viewers: 0, peakViewers: 0, likes: 0, danmaku: 0 };
const noSettings: RoomSettings = { slowModeSeconds: 0, followersOnly: false, blockedWords: [] };

/** Users remembered as muted; the server keeps the true list. */
const maxMutedKnown = 500;

function withMember(set: ReadonlySet<string>, member: string, present: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (!present) next.delete(member);
  else if (next.size < maxMutedKnown) next.add(member);
  return next;
}

/** One stay in one room: the connection, what was received in order, and what this user sends. */
export class RoomSession {
  readonly view = new Store<RoomView>({
    status: "joining",
    room: null,
    counters: noCounters,
    settings: noSettings,
    pinned: null,
    items: [],
    shed: 0,
    muted: new Set(),
  });
  private readonly hub: Hub;
  private readonly feed = new RoomFeed();
  private readonly log = new DanmakuLog();
  private readonly likes = new LikeGatherer(newKey);
  private readonly cues = new Set<(cue: StageCue) => void>();
  private readonly likeTimer: ReturnType<typeof setInterval>;
  private generation = 0;
  private joinUnderWay = false;
  private left = false;
  /** The answer to the Like call under way was lost. */
  private likesLost = false;

  constructor(readonly roomId: string) {
    this.hub = new Hub({ connected: () => this.connected(), disconnected: () => this.disconnected() });
    this.hub.on("frame", (roomId: string, frame: RoomFrame) => this.mine(roomId) && this.received(frame));
    this.hub.on("resync", (roomId: string) => this.mine(roomId) && this.resync());
    this.hub.on("sampled", (roomId: string) => this.mine(roomId) && this.cue({ kind: "sampled" }));
    this.likeTimer = setInterval(() => void this.sendLikes(), likePeriodMs);
  }

  get link(): Store<LinkState> {
    return this.hub.state;
  }

  start(): void {
    this.hub.start();
  }

  async leave(): Promise<void> {
    this.left = true;
    clearInterval(this.likeTimer);
    if (this.hub.state.value === "live") await this.hub.invoke("LeaveRoom", this.roomId).catch(() => undefined);
    await this.hub.stop();
  }

  onCue(listener: (cue: StageCue) => void): () => void {
    this.cues.add(listener);
    return () => this.cues.delete(listener);
  }

  /**
   * Sends a danmaku and answers its verdict. Null: it could not be sent in time. A lost answer is asked for again by
   * the key.
   */
  async send(text: string, mode: DanmakuMode, color: string): Promise<Verdict | null> {
    const key = newKey();
    const deadline = Date.now() + sendLimitMs;
    for (;;) {
      const left = deadline - Date.now();
      if (left <= 0 || this.left || !(await this.hub.whenLive(left))) return null;
      const generation = this.generation;
      try {
        const verdict = await this.hub.invoke<Verdict>("SendDanmaku", this.roomId, {
          text: text.trim(),
          mode,
          color,
          key,
        });
        this.sent(verdict, { text: text.trim(), mode, color });
        return verdict;
      } catch (error) {
        const code = hubCode(error);
        if (code && code !== "try_again") return { status: "rejected", reason: code };
        if (generation === this.generation) await new Promise((resolve) => setTimeout(resolve, backoffMs(0)));
      }
    }
  }

  /** What REST says of the room, shown until the hub answers. */
  preview(room: Room): void {
    if (this.view.value.status === "joining") this.view.patch({ room, counters: room.counters });
  }

  missing(): void {
    if (this.view.value.status === "joining") this.view.patch({ status: "missing" });
  }

  /** One tap on the like button; false when it is one too many. */
  like(): boolean {
    if (this.view.value.room?.state !== "live" || !this.likes.tap()) return false;
    this.cue({ kind: "tap" });
    return true;
  }

  private mine(roomId: string): boolean {
    return !this.left && String(roomId) === this.roomId;
  }

  private cue(cue: StageCue): void {
    for (const listener of this.cues) listener(cue);
  }

  private connected(): void {
    this.generation++;
    this.feed.disconnected();
    void this.join();
  }

  private disconnected(): void {
    this.generation++;
    this.feed.disconnected();
  }

  private received(frame: RoomFrame): void {
    this.take(this.feed.frame(frame));
    if (this.feed.needsJoin) void this.join();
  }

  private resync(): void {
    this.feed.resync();
    if (this.feed.needsJoin) void this.join();
  }

  private async join(): Promise<void> {
    if (this.joinUnderWay) return;
    this.joinUnderWay = true;
    try {
      for (let failures = 0; this.feed.needsJoin && this.hub.state.value === "live" && !this.left;) {
        const waits = failures + this.feed.fruitlessJoins;
        if (waits > 0) await new Promise((resolve) => setTimeout(resolve, backoffMs(waits)));
        failures = (await this.tryJoin()) ? 0 : failures + 1;
      }
    } finally {
      this.joinUnderWay = false;
    }
  }

  private async tryJoin(): Promise<boolean> {
    const generation = this.generation;
    const since = this.feed.since();
    this.feed.asking();
    try {
      const answer = await this.hub.invoke<JoinResult>("JoinRoom", this.roomId, since);
      if (generation === this.generation) this.take(this.feed.answered(answer));
      return true;
    } catch (error) {
      if (generation === this.generation) this.feed.disconnected();
      const code = hubCode(error);
      if (code === "not_found" || code === "invalid") {
        this.view.patch({ status: "missing" });
        this.left = true;
      }
      return false;
    }
  }

  private take(steps: readonly FeedStep[]): void {
    if (steps.length === 0) return;
    const view = { ...this.view.value };
    const flying: LogItem[] = [];
    for (const step of steps) {
      if (step.kind === "snapshot") this.takeSnapshot(view, step.join, step.reset, flying);
      else this.takeFrame(view, step.frame, flying);
    }
    view.items = [...this.log.items];
    const more = view.counters.likes - this.view.value.counters.likes;
    const firstTime = this.view.value.status !== "here";
    this.view.set(view);
    const late = steps.some((step) => step.kind === "snapshot" || step.missed);
    for (const item of flying.slice(late ? -missedThatFly : 0)) this.cue({ kind: "fly", item });
    if (more > 0 && !firstTime) this.cue({ kind: "likes", more });
  }

  private takeSnapshot(view: RoomView, join: JoinResult, reset: boolean, flying: LogItem[]): void {
    if (reset) this.log.clear();
    view.status = "here";
    view.room = join.room;
    view.counters = join.counters;
    view.settings = readSettings(join.settings, noSettings);
    view.pinned = join.pinned?.text ?? null;
    for (const danmaku of join.recent) {
      const added = this.add(danmaku);
      // What was said before this page came is in the list only: it does not fly as if it were said now.
      if (added && !reset) flying.push(added);
    }
  }

  private takeFrame(view: RoomView, frame: RoomFrame, flying: LogItem[]): void {
    if (frame.counters) view.counters = frame.counters;
    for (const danmaku of frame.danmaku ?? []) {
      const added = this.add(danmaku);
      if (added) flying.push(added);
    }
    for (const event of frame.events ?? []) this.takeEvent(view, event);
    if (frame.shed) view.shed += frame.shed.sampled + (frame.shed.skipped ?? 0);
  }

  /** The new line, to be flown; a line that only grew is updated in place. */
  private add(danmaku: Danmaku): LogItem | null {
    const outcome = this.log.add(danmaku, danmaku.userId === session.value?.userId);
    if (outcome === "seen") return null;
    const item = this.log.items.find((line) => line.seq === danmaku.seq);
    if (item && outcome === "grown") this.cue({ kind: "grow", item });
    return outcome === "new" ? (item ?? null) : null;
  }

  private takeEvent(view: RoomView, event: RoomEvent): void {
    const at = event.at;
    switch (event.kind) {
      case "started":
        if (view.room) view.room = { ...view.room, state: "live", startedAt: at };
        break;
      case "ended":
        if (view.room) view.room = { ...view.room, state: "ended", endedAt: at };
        break;
      case "settings":
        view.settings = readSettings(event["settings"] ?? event, view.settings);
        break;
      case "pinned":
        view.pinned = typeof event["text"] === "string" ? event["text"] : null;
        break;
      case "unpinned":
        view.pinned = null;
        break;
      case "recalled":
        this.log.remove(Number(event["seq"]));
        this.cue({ kind: "remove", seq: Number(event["seq"]) });
        break;
      case "muted":
        view.muted = withMember(view.muted, String(event["userId"]), event["muted"] !== false);
        break;
      default:
        // Polls, draws and deals have their own cards; a kind this page does not know changes nothing here.
        break;
    }
  }

  /** This user's danmaku is drawn from its verdict; the frame that brings the same number is then a repeat. */
  private sent(verdict: Verdict, said: { text: string; mode: DanmakuMode; color: string }): void {
    const me = session.value;
    if (verdict.status !== "accepted" || verdict.seq == null || !me) return;
    const added = this.add({ ...said, seq: verdict.seq, userId: me.userId, name: me.name, at: Date.now() });
    if (!added) return;
    this.view.patch({ items: [...this.log.items] });
    this.cue({ kind: "fly", item: added });
  }

  private async sendLikes(): Promise<void> {
    if (this.hub.state.value !== "live" || this.feed.needsJoin) return;
    const repeated = this.likes.underWay;
    if (repeated && !this.likesLost) return;
    const call = repeated ?? this.likes.next();
    if (!call) return;
    this.likesLost = false;
    try {
      const answer = await this.hub.invoke<{ accepted: number }>("Like", this.roomId, call.count, call.key);
      this.likes.answered();
      if (answer.accepted < call.count) this.cue({ kind: "likesLimited" });
    } catch (error) {
      const code = hubCode(error);
      // Without a code, or with one that says nobody knows, the answer is lost, not the likes: the key asks again.
      this.likesLost = code === null || code === "try_again";
      if (!this.likesLost) this.likes.answered();
      if (code === "rate_limited") this.cue({ kind: "likesLimited" });
    }
  }
}
