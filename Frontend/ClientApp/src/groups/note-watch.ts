import { Store } from "../shell/store";
import type { Hub } from "../wire/hub";
import { hubCode } from "../wire/problem";
import type { NoteCounts } from "../wire/note-types";

/** The counts of notes whose cards are on the page, as the hub streams them. */
export class NoteWatch {
  readonly counts = new Store<ReadonlyMap<string, NoteCounts>>(new Map());

  /** How many cards show each note. */
  private readonly cards = new Map<string, number>();

  constructor(private readonly hub: Pick<Hub, "on" | "invoke" | "state">) {
    hub.on("note", (noteId: string, counts: NoteCounts) => {
      if (this.cards.has(noteId)) this.counts.set(new Map(this.counts.value).set(noteId, counts));
    });
  }

  /** Watches a note until the answer is called; cards of the same note share it. */
  watch(noteId: string): () => void {
    const before = this.cards.get(noteId) ?? 0;
    this.cards.set(noteId, before + 1);
    if (before === 0) this.ask("WatchNote", noteId);
    return () => this.leave(noteId);
  }

  /** A connection that is new knows of none. */
  connected(): void {
    for (const noteId of this.cards.keys()) this.ask("WatchNote", noteId);
  }

  private leave(noteId: string): void {
    const left = (this.cards.get(noteId) ?? 1) - 1;
    if (left > 0) {
      this.cards.set(noteId, left);
      return;
    }

    this.cards.delete(noteId);
    const counts = new Map(this.counts.value);
    if (counts.delete(noteId)) this.counts.set(counts);
    this.ask("UnwatchNote", noteId);
  }

  /** What is refused leaves the card with the counts it was loaded with; a note that is gone is gone. */
  private ask(method: string, noteId: string): void {
    if (this.hub.state.value !== "live") return;
    this.hub.invoke(method, noteId).catch((error) => {
      if (hubCode(error) !== "not_found" || !this.cards.has(noteId)) return;
      this.counts.set(new Map(this.counts.value).set(noteId, { likes: 0, collects: 0, comments: 0, deleted: true }));
    });
  }
}
