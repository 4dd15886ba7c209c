import { describe, expect, it } from "vitest";
import { NoteWatch } from "../src/groups/note-watch";
import { Store } from "../src/shell/store";
import type { LinkState } from "../src/wire/hub";
import type { NoteCounts } from "../src/wire/note-types";

function link(state: LinkState = "live", refusal = "") {
  const calls: string[] = [];
  let heard: (noteId: string, counts: NoteCounts) => void = () => undefined;
  const hub = {
    state: new Store<LinkState>(state),
    on: (_: string, handler: (...args: never[]) => void) => {
      heard = handler as unknown as typeof heard;
    },
    invoke: <T>(method: string, noteId: unknown) => {
      calls.push(`${method} ${noteId as string}`);
      return refusal ? Promise.reject<T>(new Error(refusal)) : Promise.resolve(undefined as T);
    },
  };
  const notes = new NoteWatch(hub);
  return { notes, hub, calls, hear: (noteId: string, likes: number) => heard(noteId, { likes, collects: 0, comments: 0 }) };
}

describe("notes on the page", () => {
  it("are watched once however many cards show one, until the last is gone", () => {
    const { notes, calls, hear } = link();
    const first = notes.watch("7");
    const second = notes.watch("7");
    hear("7", 3);
    first();
    expect(notes.counts.value.get("7")?.likes).toBe(3);
    second();
    expect(calls).toEqual(["WatchNote 7", "UnwatchNote 7"]);
    expect(notes.counts.value.has("7")).toBe(false);
  });

  it("are watched again on a connection that is new", () => {
    const { notes, hub, calls } = link("connecting");
    notes.watch("7");
    expect(calls).toEqual([]);
    hub.state.set("live");
    notes.connected();
    expect(calls).toEqual(["WatchNote 7"]);
  });

  it("are gone when the server says so", async () => {
    const { notes } = link("live", "HubException: not_found: There is no such note.");
    notes.watch("7");
    await Promise.resolve();
    await Promise.resolve();
    expect(notes.counts.value.get("7")?.deleted).toBe(true);
  });

  it("are not kept when their counts come late", () => {
    const { notes, hear } = link();
    notes.watch("7")();
    hear("7", 3);
    expect(notes.counts.value.size).toBe(0);
  });
});
