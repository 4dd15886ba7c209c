import type { Buyer } from "../deals/buyer";
import { buyerOfRoom } from "../deals/buyer-of-room";
import { followOrders, myOrders, refreshOrders } from "../deals/my-orders";
import type { OrderNews } from "../wire/deal-types";
import type { SendAnswer } from "../wire/group-types";
import { Hub, type LinkState } from "../wire/hub";
import { backoffMs } from "../wire/backoff";
import { hubCode } from "../wire/problem";
import { serverClock } from "../wire/server-clock";
import { session } from "../wire/session";
import { Store } from "../shell/store";
import type { Danmaku, DanmakuMode, JoinResult, PkSide, Room, RoomEvent, RoomFrame, Verdict } from "../wire/types";
import { DanmakuLog, type LogItem } from "./danmaku-log";
import { RoomCommands } from "./room-commands";
import { RoomFeed, type FeedStep } from "./room-feed";
import { emptyView, thingsAfter, thingsAtJoin, withHeld, withoutMine, type RoomView } from "./room-view";
import { TapSender } from "./tap-sender";
import { newKey } from "./text";

/** What the stage does at once, beside what the view shows. */
export type StageCue =
  | { kind: "fly"; item: LogItem }
  | { kind: "grow"; item: LogItem }
  | { kind: "remove"; seq: number }
  | { kind: "tap" }
  | { kind: "likes"; more: number }
  | { kind: "sampled" }
  | { kind: "likesLimited" }
  /** Of a replay: what flies belongs to another position, or flies at another speed from now on. */
  | { kind: "clear" }
  | { kind: "rate"; rate: number }
  /** Something happened now, not while this page was away. */
  | { kind: "event"; event: RoomEvent };

/** Of what was missed while away, this many fly; all of it is in the list. */
const missedThatFly = 20;
const likePeriodMs = 1_000;

/** One stay in one room: the connection, what was received in order, and what this user sends. */
export class RoomSession {
  readonly view = new Store<RoomView>(emptyView);
  readonly clock = serverClock;
  /** What this user does with polls, questions and draws. */
  readonly commands: RoomCommands;
  /** What this user buys; null: nobody is signed in. Another login is another buyer. */
  readonly buyer = new Store<Buyer | null>(null);
  private readonly hub: Hub;
  private readonly feed = new RoomFeed();
  private readonly log = new DanmakuLog();
  private readonly likes: TapSender;
  private readonly cheers = new Map<string, TapSender>();
  private readonly cues = new Set<(cue: StageCue) => void>();
  private readonly likeTimer: ReturnType<typeof setInterval>;
  private readonly stopWatching: () => void;
  private user: string | undefined;
  private generation = 0;
  private joinUnderWay = false;
  private left = false;

  constructor(readonly roomId: string) {
    this.hub = new Hub({ connected: () => this.connected(), disconnected: () => this.disconnected() });
    this.hub.on("frame", (roomId: string, frame: RoomFrame) => this.mine(roomId) && this.received(frame));
    this.hub.on("resync", (roomId: string) => this.mine(roomId) && this.resync());
    this.hub.on("order", (news: OrderNews) => !this.left && myOrders.pushedNews(news));
    this.hub.on("sampled", (roomId: string, seqs: number[]) => this.mine(roomId) && this.sampled(seqs));
    this.likes = new TapSender(
      (call) => this.hub.invoke("Like", roomId, call.count, call.key),
      () => this.cue({ kind: "likesLimited" }),
    );
    this.commands = new RoomCommands(roomId, this.hub, this.view);
    this.likeTimer = setInterval(() => this.sendTaps(), likePeriodMs);
    this.user = session.value?.userId;
    this.buyer.set(this.newBuyer());
    followOrders();
    this.stopWatching = session.subscribe(() => this.changed());
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
    this.stopWatching();
    this.buyer.value?.stop();
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
    const said = { text: text.trim(), mode, color };
    const verdict = await this.commands.ask("SendDanmaku", { ...said, key: newKey() });
    if (verdict) this.sent(verdict, said);
    return verdict;
  }

  /** Shows a deal in a group or a conversation; a lost answer is asked for again by the key. Throws what the hub does. */
  shareDeal(groupId: string, dealId: string, key: string): Promise<SendAnswer> {
    return this.hub.invoke<SendAnswer>("SendMessage", groupId, { text: "", card: { kind: "deal", id: dealId }, key });
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

  /** One cheer for a side of a PK; false when it is one too many. */
  cheer(pkId: string, side: PkSide): boolean {
    const name = `${pkId}/${side}`;
    let sender = this.cheers.get(name);
    if (!sender) {
      sender = new TapSender(
        (call) => this.hub.invoke("Cheer", this.roomId, pkId, side, call.count, call.key),
        () => this.cue({ kind: "likesLimited" }),
      );
      // Another PK: what was not sent for the one before counts no more.
      for (const other of this.cheers.keys()) if (!other.startsWith(`${pkId}/`)) this.cheers.delete(other);
      this.cheers.set(name, sender);
    }
    return sender.tap();
  }

  /** The login changed; the hub connects anew by itself. */
  private changed(): void {
    if (session.value?.userId === this.user) return;
    this.user = session.value?.userId;
    this.view.set(withoutMine(this.view.value));
    this.buyer.value?.stop();
    this.buyer.set(this.newBuyer());
  }

  private newBuyer(): Buyer | null {
    if (this.user === undefined) return null;
    const dealOf = (dealId: string) => this.view.value.deals.find((deal) => deal.dealId === dealId);
    return buyerOfRoom(this.roomId, this.user, this.hub, dealOf);
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
    // What was pushed while there was no connection, and what was pressed and never answered.
    void refreshOrders().catch(() => undefined);
    void this.buyer.value?.resume();
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
      else this.takeFrame(view, step.frame, step.missed, flying);
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
    Object.assign(view, thingsAtJoin(view, join));
    view.status = "here";
    for (const danmaku of join.recent) {
      const added = this.add(danmaku);
      // What was said before this page came is in the list only: it does not fly as if it were said now.
      if (added && !reset) flying.push(added);
    }
  }

  private takeFrame(view: RoomView, frame: RoomFrame, missed: boolean, flying: LogItem[]): void {
    if (!missed) this.clock.observe(frame.at);
    for (const danmaku of frame.danmaku ?? []) {
      const added = this.add(danmaku);
      if (added) flying.push(added);
    }
    Object.assign(view, thingsAfter(view, frame));
    for (const event of frame.events ?? []) {
      if (event.kind === "recalled") this.remove(Number(event["seq"]));
      if (!missed) this.cue({ kind: "event", event });
    }
    if (frame.shed) view.shed += frame.shed.sampled + (frame.shed.skipped ?? 0);
  }

  private remove(seq: number): void {
    this.log.remove(seq);
    this.cue({ kind: "remove", seq });
  }

  private sampled(seqs: readonly number[]): void {
    if (this.log.markSampled(seqs)) this.view.patch({ items: [...this.log.items] });
    this.cue({ kind: "sampled" });
  }

  /** The new line, to be flown; a line that only grew is updated in place. */
  private add(danmaku: Danmaku): LogItem | null {
    const outcome = this.log.add(danmaku, danmaku.userId === session.value?.userId);
    if (outcome === "seen") return null;
    const item = this.log.items.find((line) => line.seq === danmaku.seq);
    if (item && outcome === "grown") this.cue({ kind: "grow", item });
    return outcome === "new" ? (item ?? null) : null;
  }

  /** This user's danmaku is drawn from its verdict; the frame that brings the same number is then a repeat. */
  private sent(verdict: Verdict, said: { text: string; mode: DanmakuMode; color: string }): void {
    const me = session.value;
    if (verdict.status === "held" && verdict.heldId != null) {
      this.view.patch({ held: withHeld(this.view.value.held, verdict.heldId, said.text) });
    }
    if (verdict.status !== "accepted" || verdict.seq == null || !me) return;
    const added = this.add({ ...said, seq: verdict.seq, userId: me.userId, name: me.name, at: Date.now() });
    if (!added) return;
    this.view.patch({ items: [...this.log.items] });
    this.cue({ kind: "fly", item: added });
  }

  private sendTaps(): void {
    if (this.hub.state.value !== "live" || this.feed.needsJoin) return;
    void this.likes.send();
    for (const sender of this.cheers.values()) void sender.send();
  }
}
