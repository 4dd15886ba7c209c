import { newKey } from "../room/text";
import { Store } from "../shell/store";
import { backoffMs } from "../wire/backoff";
import { groupApi } from "../wire/group-api";
import type { GroupEvent, ListedGroup, MessageDraft, OpenedGroup, SendAnswer } from "../wire/group-types";
import { Hub, type LinkState } from "../wire/hub";
import { hubCode } from "../wire/problem";
import { session } from "../wire/session";
import type { Poll, Verdict } from "../wire/types";
import { emptyChat, opened, withChatEvent, type ChatView } from "./chat-view";
import { changed, inOrder, withGroupEvent, withMark } from "./group-list";
import { fresh, trimmed, withNewer, withOlder, withOwnReaction, withRest, type Outgoing } from "./message-log";
import { myInbox } from "./my-inbox";
import { NoteWatch } from "./note-watch";
import { listenToNotices } from "./notify-link";

const pageSize = 50;
/** What was missed while away is fetched in so many pages; more of it is begun anew. */
const missedPages = 5;
const missedPageSize = 200;
/** How long a message waits for the connection before the page says that it was not sent. */
const sendLimitMs = 20_000;
const typingEveryMs = 3_000;
const markEveryMs = 400;

/** The groups page: one connection, the list, and the one group that is looked at. */
export class GroupsSession {
  readonly list = new Store<readonly ListedGroup[] | null>(null);
  readonly chat = new Store<ChatView>(emptyChat);
  readonly failed = new Store(false);
  readonly notes: NoteWatch;
  private readonly hub: Hub;
  private left = false;
  private generation = 0;
  private typedAt = 0;
  private markTimer: ReturnType<typeof setTimeout> | undefined;
  private wantedMark = 0;

  constructor() {
    this.hub = new Hub({ connected: () => this.connected(), disconnected: () => undefined });
    this.notes = new NoteWatch(this.hub);
    this.hub.on("group", (groupId: string, events: GroupEvent[]) => this.received(groupId, events));
    listenToNotices(this.hub, (notification) => {
      // The group that is looked at tells by itself.
      if (notification.groupId && notification.groupId !== this.chat.value.groupId) void this.refresh();
    });
    this.hub.start();
  }

  get link(): Store<LinkState> {
    return this.hub.state;
  }

  get userId(): string | undefined {
    return session.value?.userId;
  }

  leave(): void {
    this.left = true;
    clearTimeout(this.markTimer);
    void this.hub.stop();
  }

  async refresh(): Promise<void> {
    if (!session.value) return;
    try {
      const groups = await groupApi.mine();
      if (this.left) return;
      const { groupId, readSeq } = this.chat.value;
      const known = groups.map((group) => (group.groupId === groupId ? withMark(group, readSeq) : group));
      this.list.set(inOrder(known));
      this.failed.set(false);
    } catch {
      this.failed.set(true);
    }
  }

  /** Looks at a group; null: at none. */
  select(groupId: string | null): void {
    const before = this.chat.value.groupId;
    if (before === groupId) return;
    this.flushMark();
    this.generation++;
    if (before) void this.hub.invoke("CloseGroup", before).catch(() => undefined);
    this.chat.set({ ...emptyChat, groupId });
    if (groupId && this.hub.state.value === "live") void this.open(groupId);
  }

  /** Asks for the group again, as it is now. */
  retry(): void {
    const { groupId } = this.chat.value;
    if (!groupId) return;
    this.chat.patch({ problem: null });
    void this.open(groupId);
  }

  async send(draft: Omit<MessageDraft, "key">): Promise<void> {
    const outgoing: Outgoing = {
      key: newKey(),
      text: draft.text,
      replyTo: draft.replyTo ?? null,
      mentions: draft.mentions ?? [],
      card: draft.card ?? null,
      state: "sending",
    };
    this.chat.patch({ outgoing: [...this.chat.value.outgoing, outgoing] });
    await this.deliver(outgoing);
  }

  /** The same key again: what was taken after all is not sent twice. */
  async resend(outgoing: Outgoing): Promise<void> {
    const { reason: _, ...rest } = outgoing;
    this.setOutgoing({ ...rest, state: "sending" });
    await this.deliver(outgoing);
  }

  discard(key: string): void {
    this.chat.patch({ outgoing: this.chat.value.outgoing.filter((one) => one.key !== key) });
  }

  edit(seq: number, text: string): Promise<SendAnswer | null> {
    return this.ask<SendAnswer>("EditMessage", seq, text);
  }

  recall(seq: number): Promise<SendAnswer | null> {
    return this.ask<SendAnswer>("RecallMessage", seq);
  }

  async react(seq: number, emoji: string, on: boolean): Promise<SendAnswer | null> {
    this.chat.patch({ log: withOwnReaction(this.chat.value.log, seq, emoji, on) });
    const answer = await this.ask<SendAnswer>("React", seq, emoji, on);
    if (answer?.status !== "accepted") this.chat.patch({ log: withOwnReaction(this.chat.value.log, seq, emoji, !on) });
    return answer;
  }

  async vote(pollId: string, choices: readonly number[]): Promise<Verdict | null> {
    const verdict = await this.ask<Verdict>("VoteInGroup", pollId, choices);
    if (verdict && verdict.reason !== "invalid") await this.fetchPoll(pollId);
    return verdict;
  }

  async fetchPoll(pollId: string): Promise<void> {
    const { groupId } = this.chat.value;
    const poll = groupId ? await groupApi.poll(groupId, pollId).catch(() => null) : null;
    if (poll) this.keepPoll(poll);
  }

  keepPoll(poll: Poll): void {
    this.chat.patch({ polls: new Map(this.chat.value.polls).set(poll.pollId, poll) });
  }

  /** Somebody types; the others are told now and then. */
  typing(): void {
    const now = Date.now();
    const { groupId } = this.chat.value;
    if (!groupId || now - this.typedAt < typingEveryMs || this.hub.state.value !== "live") return;
    this.typedAt = now;
    void this.hub.invoke("Typing", groupId).catch(() => undefined);
  }

  /** The reader has seen the message; told at most a few times a second. */
  seen(seq: number): void {
    const { groupId, readSeq, log } = this.chat.value;
    // The reader is at the end: what is far above it can be had again.
    if (seq === log.messages.at(-1)?.seq && trimmed(log) !== log) this.chat.patch({ log: trimmed(log) });
    if (!groupId || seq <= Math.max(readSeq, this.wantedMark)) return;
    this.wantedMark = seq;
    this.markTimer ??= setTimeout(() => this.flushMark(), markEveryMs);
  }

  async older(): Promise<void> {
    const { groupId, log, loading } = this.chat.value;
    const first = log.messages[0];
    if (!groupId || !first || !log.hasOlder || loading) return;
    await this.page(groupId, { before: first.seq }, (page) => withOlder(this.chat.value.log, page.items, page.hasMore));
  }

  async newer(): Promise<void> {
    const { groupId, log, loading } = this.chat.value;
    const last = log.messages.at(-1);
    if (!groupId || !last || !log.hasNewer || loading) return;
    await this.page(groupId, { after: last.seq }, (page) => withRest(this.chat.value.log, page.items, page.hasMore));
  }

  /** Shows the messages around one, if it is not among those that are shown. */
  async around(seq: number): Promise<boolean> {
    const { groupId, log } = this.chat.value;
    if (!groupId) return false;
    if (log.messages.some((message) => message.seq === seq)) return true;
    return this.page(groupId, { before: seq + pageSize / 2 }, (page) => fresh(page.items, page.hasMore, true));
  }

  /** Back to what is said now. */
  async newest(): Promise<void> {
    const { groupId } = this.chat.value;
    if (groupId) await this.page(groupId, {}, (page) => fresh(page.items, page.hasMore));
  }

  private async page(
    groupId: string,
    query: { before?: number; after?: number },
    merge: (page: { items: OpenedGroup["messages"]; hasMore: boolean }) => ChatView["log"],
  ): Promise<boolean> {
    const generation = this.generation;
    this.chat.patch({ loading: true });
    try {
      const page = await groupApi.messages(groupId, { ...query, limit: pageSize });
      if (generation !== this.generation) return false;
      this.chat.patch({ log: merge(page) });
      return true;
    } catch {
      return false;
    } finally {
      if (generation === this.generation) this.chat.patch({ loading: false });
    }
  }

  private connected(): void {
    if (this.left) return;
    this.notes.connected();
    void this.refresh();
    void myInbox.refresh().catch(() => undefined);
    const { groupId } = this.chat.value;
    if (groupId) void this.open(groupId);
  }

  private async open(groupId: string): Promise<void> {
    const generation = ++this.generation;
    for (let attempt = 0; generation === this.generation && !this.left; attempt++) {
      try {
        const answer = await this.hub.invoke<OpenedGroup>("OpenGroup", groupId, null);
        if (generation === this.generation) await this.arrive(answer);
        return;
      } catch (error) {
        const code = hubCode(error);
        if (code && code !== "try_again" && code !== "rate_limited") {
          if (generation === this.generation) this.chat.patch({ problem: code });
          return;
        }

        // A connection that is gone comes back, and opens the group then.
        if (!code && this.hub.state.value !== "live") return;
        await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt)));
      }
    }
  }

  private async arrive(answer: OpenedGroup): Promise<void> {
    const before = this.chat.value;
    this.chat.set(opened(before, answer, this.userId));
    this.list.set(
      this.list.value &&
        changed(this.list.value, answer.group.groupId, (group) => ({
          ...group,
          ...answer.group,
          lastSeq: group.lastSeq,
        })),
    );
    const [last, first] = [before.log.messages.at(-1)?.seq, answer.messages[0]?.seq];
    if (last !== undefined && first !== undefined && !before.log.hasNewer && first > last + 1) {
      await this.fill(answer.group.groupId, last, first);
    }
  }

  /** Fetches what was said between what is shown and what the group answered. */
  private async fill(groupId: string, last: number, first: number): Promise<void> {
    const generation = this.generation;
    for (let pages = 0; pages < missedPages && last < first - 1; pages++) {
      const page = await groupApi.messages(groupId, { after: last, limit: missedPageSize }).catch(() => null);
      if (generation !== this.generation) return;
      if (!page || page.items.length === 0) break;
      this.chat.patch({ log: withNewer(this.chat.value.log, page.items) });
      last = page.items.at(-1)!.seq;
    }

    // Too much of it: begin with the newest, and what is older comes when it is asked for.
    if (last < first - 1) {
      const { log } = this.chat.value;
      this.chat.patch({
        log: fresh(
          log.messages.filter((message) => message.seq >= first),
          true,
        ),
      });
    }
  }

  private received(groupId: string, events: readonly GroupEvent[]): void {
    if (this.left) return;
    let unknown = false;
    for (const event of events) {
      if (this.list.value) {
        unknown ||= !this.list.value.some((group) => group.groupId === groupId);
        this.list.set(withGroupEvent(this.list.value, groupId, event, this.userId));
      }

      if (this.chat.value.groupId !== groupId) continue;
      this.chat.set(withChatEvent(this.chat.value, event, this.userId, Date.now()));
      if (event.kind === "gap") void this.mend(groupId, event.from, event.to);
      if (event.kind === "member" && event.userId === this.userId && event.change !== "muted") void this.refresh();
    }

    if (unknown) void this.refresh();
  }

  /** The server could not send everything: what it names is asked for, and the members with it. */
  private async mend(groupId: string, from: number, to: number): Promise<void> {
    const generation = this.generation;
    for (let after = from - 1, pages = 0; after < to && pages < missedPages; pages++) {
      const page = await groupApi.messages(groupId, { after, limit: missedPageSize }).catch(() => null);
      if (!page || generation !== this.generation || page.items.length === 0) break;
      this.chat.patch({ log: withNewer(this.chat.value.log, page.items) });
      after = page.items.at(-1)!.seq;
    }

    if (generation === this.generation) void this.open(groupId);
  }

  private flushMark(): void {
    clearTimeout(this.markTimer);
    this.markTimer = undefined;
    const { groupId } = this.chat.value;
    const seq = this.wantedMark;
    this.wantedMark = 0;
    if (!groupId || seq <= this.chat.value.readSeq) return;
    this.chat.patch({ readSeq: seq });
    if (this.list.value) this.list.set(changed(this.list.value, groupId, (group) => withMark(group, seq)));
    myInbox.readGroup(groupId, seq);
    void this.hub.invoke("MarkRead", groupId, seq).catch(() => undefined);
  }

  private async deliver(outgoing: Outgoing): Promise<void> {
    const { groupId } = this.chat.value;
    const { key, text, replyTo, mentions, card } = outgoing;
    const answer = await this.ask<SendAnswer>("SendMessage", { text, replyTo, mentions, card, key });
    if (this.chat.value.groupId !== groupId) return;
    if (answer?.status !== "accepted") {
      this.setOutgoing({ ...outgoing, state: "failed", ...(answer?.reason ? { reason: answer.reason } : {}) });
      return;
    }

    this.discard(key);
    const { userId, name } = session.value ?? { userId: "", name: "" };
    const sent = {
      seq: answer.seq!,
      from: userId,
      fromName: name,
      text,
      at: answer.at!,
      replyTo,
      mentions: [...mentions],
      card,
    };
    if (!this.chat.value.log.messages.some((message) => message.seq === sent.seq)) {
      this.chat.patch({ log: withNewer(this.chat.value.log, [sent]) });
    }

    if (this.chat.value.log.hasNewer) await this.newest();
  }

  private setOutgoing(changedOne: Outgoing): void {
    this.chat.patch({
      outgoing: this.chat.value.outgoing.map((one) => (one.key === changedOne.key ? changedOne : one)),
    });
  }

  /** Calls the hub until there is an answer, or for too long: then null. */
  private async ask<T>(method: string, ...args: unknown[]): Promise<T | null> {
    const { groupId } = this.chat.value;
    const deadline = Date.now() + sendLimitMs;
    for (let attempt = 0; ; attempt++) {
      const left = deadline - Date.now();
      if (left <= 0 || !groupId || !(await this.hub.whenLive(left))) return null;
      try {
        const answer = await this.hub.invoke<{ reason?: string | null; retryAfterMs?: number | null }>(
          method,
          groupId,
          ...args,
        );
        if (answer?.reason !== "try_again") return answer as T;
      } catch (error) {
        const code = hubCode(error);
        if (code && code !== "try_again") return { status: "rejected", reason: code } as T;
      }

      await new Promise((resolve) => setTimeout(resolve, backoffMs(Math.min(attempt, 2))));
    }
  }
}
