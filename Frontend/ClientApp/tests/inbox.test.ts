import { describe, expect, it } from "vitest";
import { InboxBook } from "../src/groups/inbox";
import type { NotificationPage } from "../src/wire/group-types";
import { notification } from "./group-things";

function book(...pages: NotificationPage[]) {
  const asked: (string | null)[] = [];
  const read: string[] = [];
  const inbox = new InboxBook(
    {
      page: async (after) => {
        asked.push(after);
        return pages.shift() ?? { items: [], unread: 0, hasMore: false };
      },
      read: async (upTo) => {
        read.push(upTo);
        return { unread: 0 };
      },
    },
    2,
  );
  return { inbox, asked, read };
}

const ids = (inbox: InboxBook) => inbox.view.value.items.map((item) => item.id);

describe("the inbox", () => {
  it("has what the server has, and what is older when it is asked for", async () => {
    const { inbox, asked } = book(
      { items: [notification("9"), notification("8", { groupId: "8" })], unread: 2, hasMore: true },
      { items: [notification("8", { groupId: "8" }), notification("3", { groupId: "3" })], unread: 2, hasMore: false },
    );
    await inbox.refresh();
    await inbox.older();
    await inbox.older();
    expect([ids(inbox), asked]).toEqual([
      ["9", "8", "3"],
      [null, "8"],
    ]);
  });

  it("puts one that gathers another in the place of what it was", () => {
    const { inbox } = book();
    inbox.push(notification("1"), 1);
    inbox.push(notification("2", { groupId: "8" }), 2);
    inbox.push(notification("3", { count: 2 }), 2);
    inbox.push(notification("4", { kind: "mention" }), 3);
    expect(ids(inbox)).toEqual(["4", "3", "2"]);
    expect(inbox.view.value.unread).toBe(3);
  });

  it("gathers new followers", () => {
    const { inbox } = book();
    inbox.push(notification("1", { kind: "follow", groupId: null, from: "5" }), 1);
    inbox.push(notification("2", { kind: "follow", groupId: null, from: "6", count: 2 }), 1);
    expect(ids(inbox)).toEqual(["2"]);
  });

  it("does not let an answer that is older undo what was pushed", async () => {
    const { inbox } = book({ items: [], unread: 0, hasMore: false });
    const asking = inbox.refresh();
    inbox.push(notification("1"), 1);
    await asking;
    expect([ids(inbox), inbox.view.value.unread]).toEqual([["1"], 1]);
  });

  it("is read up to the newest, once", async () => {
    const { inbox, read } = book();
    inbox.push(notification("4"), 1);
    await inbox.read();
    await inbox.read();
    expect([read, inbox.view.value.unread, inbox.view.value.items[0]!.read]).toEqual([["4"], 0, true]);
  });

  it("follows what was read in a group", () => {
    const { inbox } = book();
    inbox.push(notification("1", { seq: 5 }), 1);
    inbox.push(notification("2", { groupId: "8", seq: 5 }), 2);
    inbox.readGroup("7", 4);
    expect(inbox.view.value.unread).toBe(2);
    inbox.readGroup("7", 5);
    expect([inbox.view.value.unread, inbox.view.value.items.map((item) => item.read)]).toEqual([1, [false, true]]);
  });

  it("is another one for somebody else", () => {
    const { inbox } = book();
    inbox.push(notification("1"), 1);
    inbox.reset();
    expect(inbox.view.value).toEqual({ items: [], unread: 0, hasMore: false, known: false });
  });
});
