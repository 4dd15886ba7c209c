import { useEffect, useState } from "preact/hooks";
import { countText, text, useTexts } from "../i18n";
import { Cover } from "../lobby/cover";
import { HeartIcon } from "../shell/icons";
import { useStore } from "../shell/store";
import { toast } from "../shell/toast";
import { noteApi } from "../wire/note-api";
import type { Note } from "../wire/note-types";
import { codeOf } from "../wire/problem";
import { Gone } from "./gone";
import type { NoteWatch } from "./note-watch";

/** What could not be loaded for now is asked for again after this. */
const retryMs = 5_000;

/** A note in a message: what it says, and how many like it as that changes. */
export function NoteCard({ notes, noteId }: { notes: NoteWatch; noteId: string }) {
  const t = useTexts();
  const [note, setNote] = useState<Note | null | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const counts = useStore(notes.counts).get(noteId);
  useEffect(() => {
    let gone = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const load = () => {
      noteApi.one(noteId).then(
        (loaded) => !gone && setNote(loaded),
        (error) => {
          if (gone) return;
          if (codeOf(error) === "not_found") setNote(null);
          else retry = setTimeout(load, retryMs);
        },
      );
    };
    load();
    const leave = notes.watch(noteId);
    return () => {
      gone = true;
      clearTimeout(retry);
      leave();
    };
  }, [noteId]);
  if (note === undefined) return <span class="chat-card skeleton" />;
  if (note === null || counts?.deleted) return <Gone />;
  const likes = counts?.likes ?? note.likes;
  const liked = note.liked ?? false;
  const like = () => {
    setBusy(true);
    noteApi
      .like(noteId, !liked)
      .then((answer) => setNote({ ...note, likes: answer.likes, liked: answer.liked }))
      .catch(() => toast(text("error.unknown")))
      .finally(() => setBusy(false));
  };
  return (
    <div class="chat-card note-card" data-testid="chat-note-card" data-note={noteId}>
      <Cover roomId={noteId} cover={note.images[0]} ratio={0.5} />
      <div class="note-card-words">
        <b>{note.title}</b>
        {note.body && <p>{note.body}</p>}
        <div class="note-card-foot">
          <span>{note.authorName}</span>
          <button
            type="button"
            class="note-like"
            aria-pressed={liked}
            aria-label={t("room.likeHint", { n: likes })}
            disabled={busy}
            onClick={like}
            data-testid="note-like"
            data-likes={likes}
          >
            <HeartIcon fill={liked} /> {countText(likes)}
          </button>
        </div>
      </div>
    </div>
  );
}
