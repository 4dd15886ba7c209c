import { describe, expect, it } from "vitest";
import { isMuted, opened, runs, typingMs, typingNow, withChatEvent } from "../src/groups/chat-view";
import { inOrder, unreadOf, withGroupEvent, withMark } from "../src/groups/group-list";
import { cardOf, completed, dealAddress, mentionAt, mentioned, partsOf, suggested } from "../src/groups/mentions";
import {
  emptyLog,
  fresh,
  maxKept,
  trimmed,
  withEvent,
  withNewer,
  withOlder,
  withOwnReaction,
  withRest,
} from "../src/groups/message-log";
import { canEdit, canRecall, rowsOf } from "../src/groups/message-rows";
import { poll } from "./things";
import { chat, group, listed, member, message } from "./group-things";

const seqs = (log: { messages: readonly { seq: number }[] }) => log.messages.map((one) => one.seq);

describe("the messages", () => {
  it("are each there once and in order, however they come", () => {
    let log = fresh([message(3), message(2)], true);
    log = withEvent(log, { kind: "message", at: 0, message: message(5) }, "1");
    log = withNewer(log, [message(4), message(5)]);
    log = withOlder(log, [message(1), message(2)], false);
    expect(seqs(log)).toEqual([1, 2, 3, 4, 5]);
    expect(log.hasOlder).toBe(false);
  });

  it("of long ago do not get the new ones behind them", () => {
    const past = fresh([message(10), message(11)], true, true);
    expect(seqs(withEvent(past, { kind: "message", at: 0, message: message(50) }, "1"))).toEqual([10, 11]);
    const more = withRest(past, [message(12), message(13)], true);
    expect([seqs(more), more.hasNewer]).toEqual([[10, 11, 12, 13], true]);
    const all = withRest(more, [message(14)], false);
    expect(seqs(withEvent(all, { kind: "message", at: 0, message: message(15) }, "1"))).toEqual([
      10, 11, 12, 13, 14, 15,
    ]);
  });

  it("change as events say, and keep what this user reacted with", () => {
    let log = fresh([message(1, { reactions: { "👍": 1 }, myReactions: ["👍"] })], false);
    log = withEvent(log, { kind: "edited", at: 9, message: message(1, { text: "new", reactions: { "👍": 1 } }) }, "1");
    expect(log.messages[0]).toMatchObject({ text: "new", myReactions: ["👍"] });
    log = withEvent(log, { kind: "reaction", at: 9, seq: 1, emoji: "👍", count: 2, userId: "3", on: true }, "1");
    expect(log.messages[0]).toMatchObject({ reactions: { "👍": 2 }, myReactions: ["👍"] });
    log = withEvent(log, { kind: "reaction", at: 9, seq: 1, emoji: "👍", count: 1, userId: "1", on: false }, "1");
    expect(log.messages[0]).toMatchObject({ reactions: { "👍": 1 }, myReactions: [] });
    log = withEvent(log, { kind: "reaction", at: 9, seq: 1, emoji: "👍", count: 0, userId: "3", on: false }, "1");
    expect(log.messages[0]!.reactions).toEqual({});
    log = withEvent(log, { kind: "recalled", at: 9, seq: 1, by: "2" }, "1");
    expect(log.messages[0]).toMatchObject({ seq: 1, text: "", recalled: true });
    expect(withEvent(emptyLog, { kind: "recalled", at: 9, seq: 1, by: "2" }, "1")).toBe(emptyLog);
  });

  it("show one's own reaction at once, once", () => {
    const log = withOwnReaction(fresh([message(1)], false), 1, "🎉", true);
    expect(log.messages[0]).toMatchObject({ reactions: { "🎉": 1 }, myReactions: ["🎉"] });
    expect(withOwnReaction(log, 1, "🎉", true).messages[0]!.reactions).toEqual({ "🎉": 1 });
    expect(withOwnReaction(log, 1, "🎉", false).messages[0]!.reactions).toEqual({});
  });

  it("are not kept for ever", () => {
    const log = trimmed(
      fresh(
        Array.from({ length: maxKept + 5 }, (_, n) => message(n + 1)),
        false,
      ),
    );
    expect([log.messages.length, log.messages[0]!.seq, log.hasOlder]).toEqual([maxKept, 6, true]);
  });

  it("stand together while one person talks", () => {
    const rows = rowsOf([message(1), message(2), message(3, { from: "3" }), message(4), message(5)], 3, "1");
    expect(rows.map((row) => row.follows)).toEqual([false, true, false, false, true]);
    expect(rows.map((row) => row.startsNew)).toEqual([false, false, false, true, false]);
    expect(rows.map((row) => row.startsDay)).toEqual([true, false, false, false, false]);
  });

  it("can be changed and taken back for as long as the server lets", () => {
    const mine = message(1, { from: "1", at: 0 });
    expect([canEdit(mine, "1", 1_000), canEdit(mine, "2", 1_000), canEdit(mine, "1", 900_000)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([canRecall(mine, "1", false, 1_000), canRecall(mine, "1", false, 120_000)]).toEqual([true, false]);
    expect(canRecall(mine, "2", true, 9e9)).toBe(true);
  });
});

describe("the list", () => {
  it("has the newest message in front, and counts what is unread", () => {
    const groups = [
      listed({ groupId: "1", lastMessage: message(1), unread: 2 }),
      listed({ groupId: "2", lastMessage: message(9), unread: 3 }),
      listed({ groupId: "3", createdAt: 5_000 }),
    ];
    expect(inOrder(groups).map((one) => one.groupId)).toEqual(["2", "3", "1"]);
    expect(unreadOf(groups)).toBe(5);
  });

  it("counts others' messages and not one's own, each once", () => {
    const event = (seq: number, from: string, mentions: string[] = []) =>
      ({ kind: "message", at: 0, message: message(seq, { from, mentions }) }) as const;
    let groups = withGroupEvent([listed()], "7", event(1, "2", ["1"]), "1");
    groups = withGroupEvent(groups, "7", event(1, "2", ["1"]), "1");
    groups = withGroupEvent(groups, "7", event(2, "1"), "1");
    expect(groups[0]).toMatchObject({ unread: 1, unreadMentions: 1, lastSeq: 2, readSeq: 0 });
    groups = withGroupEvent(groups, "7", { kind: "read", at: 0, userId: "1", seq: 2 }, "1");
    expect(groups[0]).toMatchObject({ unread: 0, unreadMentions: 0, readSeq: 2 });
  });

  it("moves one's mark with one's own message only if it was at the end", () => {
    const mine = { kind: "message", at: 0, message: message(3, { from: "1" }) } as const;
    expect(withGroupEvent([listed({ lastSeq: 2, readSeq: 2 })], "7", mine, "1")[0]!.readSeq).toBe(3);
    expect(withGroupEvent([listed({ lastSeq: 2, readSeq: 1 })], "7", mine, "1")[0]!.readSeq).toBe(1);
  });

  it("never moves a mark back, and leaves counts in between to the server", () => {
    const some = listed({ lastSeq: 9, readSeq: 5, unread: 4 });
    expect(withMark(some, 4)).toBe(some);
    expect(withMark(some, 7)).toMatchObject({ readSeq: 7, unread: 4 });
    expect(withMark(some, 9)).toMatchObject({ readSeq: 9, unread: 0 });
  });

  it("shows a recalled last message as that, and new names", () => {
    const groups = [listed({ lastMessage: message(4) })];
    expect(
      withGroupEvent(groups, "7", { kind: "recalled", at: 0, seq: 4, by: "2" }, "1")[0]!.lastMessage,
    ).toMatchObject({
      recalled: true,
      text: "",
    });
    expect(withGroupEvent(groups, "7", { kind: "renamed", at: 0, name: "Coffee", by: "1" }, "1")[0]!.name).toBe(
      "Coffee",
    );
    expect(withGroupEvent(groups, "8", { kind: "renamed", at: 0, name: "Coffee", by: "1" }, "1")[0]!.name).toBe("Tea");
  });
});

describe("a group that is looked at", () => {
  const answer = { group: group({ lastSeq: 5 }), members: [member("1")], lastSeq: 5, readSeq: 2, hasMore: false };

  it("keeps what it shows when it is opened again", () => {
    const first = opened(chat({ group: null }), { ...answer, messages: [message(4), message(5)] }, "1");
    expect([seqs(first.log), first.log.hasOlder, first.openedAt, first.missed]).toEqual([[4, 5], true, 2, 3]);
    const more = { ...answer, lastSeq: 7, readSeq: 6, messages: [message(5), message(6), message(7)] };
    const again = opened(first, more, "1");
    expect([seqs(again.log), again.openedAt, again.missed, again.readSeq]).toEqual([[4, 5, 6, 7], 2, 3, 6]);
  });

  it("knows who types until they say it or time goes by", () => {
    const view = withChatEvent(chat(), { kind: "typing", at: 0, userId: "2", name: "Bea" }, "1", 1_000);
    expect(typingNow(view, 1_000 + typingMs - 1)).toEqual(["Bea"]);
    expect(typingNow(view, 1_000 + typingMs)).toEqual([]);
    const said = withChatEvent(view, { kind: "message", at: 0, message: message(1) }, "1", 1_500);
    expect(typingNow(said, 1_500)).toEqual([]);
    expect(withChatEvent(view, { kind: "typing", at: 0, userId: "1", name: "Ann" }, "1", 1_000)).toBe(view);
  });

  it("follows what becomes of members, and of this one", () => {
    const event = { kind: "member", at: 9, by: "1", name: "Bea", members: 3 } as const;
    let view = withChatEvent(chat(), { ...event, change: "role", userId: "1", role: "admin" }, "1", 0);
    expect(runs(view.group)).toBe(true);
    view = withChatEvent(view, { ...event, change: "muted", userId: "1", role: "admin", mutedUntil: 500 }, "1", 0);
    expect([isMuted(view, 499), isMuted(view, 500)]).toEqual([true, false]);
    view = withChatEvent(view, { ...event, change: "unmuted", userId: "1", role: "admin" }, "1", 0);
    expect(isMuted(view, 499)).toBe(false);
    view = withChatEvent(view, { ...event, change: "joined", userId: "4", role: "member", members: 4 }, "1", 0);
    expect([view.members.length, view.group!.members]).toEqual([4, 4]);
    view = withChatEvent(view, { ...event, change: "removed", userId: "2" }, "1", 0);
    expect([view.members.map((one) => one.userId), view.problem]).toEqual([["1", "3", "4"], null]);
    expect(withChatEvent(view, { ...event, change: "removed", userId: "1" }, "1", 0).problem).toBe("removed");
    expect(withChatEvent(view, { ...event, change: "requested", userId: "8" }, "1", 0)).toBe(view);
  });

  it("knows how far others have read, never back", () => {
    let view = withChatEvent(chat(), { kind: "read", at: 0, userId: "2", seq: 5 }, "1", 0);
    view = withChatEvent(view, { kind: "read", at: 0, userId: "2", seq: 3 }, "1", 0);
    expect(view.members.find((one) => one.userId === "2")!.readSeq).toBe(5);
    expect(withChatEvent(view, { kind: "read", at: 0, userId: "1", seq: 4 }, "1", 0).readSeq).toBe(4);
  });

  it("asks again for a poll whose message was taken back", () => {
    const card = { kind: "poll", id: "1" } as const;
    const log = withEvent(emptyLog, { kind: "message", at: 0, message: message(1, { card }) }, "1");
    const view = chat({ log, polls: new Map([["1", poll()]]) });
    expect(withChatEvent(view, { kind: "recalled", at: 0, seq: 2, by: "2" }, "1", 0).polls.size).toBe(1);
    expect(withChatEvent(view, { kind: "recalled", at: 0, seq: 1, by: "2" }, "1", 0).polls.size).toBe(0);
  });

  it("counts its polls", () => {
    const view = chat({ polls: new Map([["1", poll()]]) });
    const tally = { pollId: "1", counts: [1, 0, 0], voters: 1, closed: true };
    expect(withChatEvent(view, { kind: "poll", at: 0, tally }, "1", 0).polls.get("1")).toMatchObject(tally);
    expect(withChatEvent(view, { kind: "poll", at: 0, tally: { ...tally, pollId: "9" } }, "1", 0)).toBe(view);
  });
});

describe("mentions", () => {
  const people = [member("1", { name: "Ann" }), member("2", { name: "Anna Lee" }), member("3", { name: "小红" })];

  it("are looked for behind an @ before the cursor", () => {
    expect(mentionAt("hi @An", 6)).toEqual({ from: 3, query: "An" });
    expect(mentionAt("hi @An", 2)).toBeNull();
    expect(mentionAt("no", 2)).toBeNull();
    expect(suggested(people, "an", "1").map((one) => one.userId)).toEqual(["2"]);
    expect(suggested(people, "红", undefined).map((one) => one.userId)).toEqual(["3"]);
  });

  it("are put in, and count for as long as they stand there", () => {
    const [text, cursor] = completed("hi @An!", { from: 3, query: "An" }, "Anna Lee");
    expect([text, cursor]).toEqual(["hi @Anna Lee !", 13]);
    expect(mentioned(text, people)).toEqual(["1", "2"]);
    expect(mentioned("hi", people)).toEqual([]);
  });

  it("and links stand out of the text", () => {
    const parts = partsOf("@Anna Lee 看 https://a.example/x?y=1. (好)", people, "2");
    expect(parts.map((part) => [part.kind, part.text])).toEqual([
      ["mention", "@Anna Lee"],
      ["text", " 看 "],
      ["link", "https://a.example/x?y=1"],
      ["text", ". (好)"],
    ]);
    expect(parts[0]!.mine).toBe(true);
    expect(partsOf("javascript:alert(1)", people, "2")).toEqual([{ kind: "text", text: "javascript:alert(1)" }]);
    expect(partsOf("a+b (c)", [member("4", { name: "b (c)" })], "1")).toEqual([{ kind: "text", text: "a+b (c)" }]);
  });
});

describe("the address of a room", () => {
  it("becomes a card when it is of this site and alone", () => {
    expect(cardOf(" https://red.example/room/42 ", "red.example")).toEqual({ kind: "room", id: "42" });
    expect(cardOf("see https://red.example/room/42", "red.example")).toBeNull();
    expect(cardOf("https://other.example/room/42", "red.example")).toBeNull();
  });

  it("becomes a deal's card when it names one, as it is copied", () => {
    const address = dealAddress("https://red.example", "42", "7");
    expect(cardOf(address, "red.example")).toEqual({ kind: "deal", id: "7" });
    expect(cardOf(address, "other.example")).toBeNull();
    for (const odd of ["?deal=", "?deal=x", "?deal=7&x=1", "?other=7", "/?deal=7 too"])
      expect(cardOf(`https://red.example/room/42${odd}`, "red.example")).toBeNull();
  });
});
