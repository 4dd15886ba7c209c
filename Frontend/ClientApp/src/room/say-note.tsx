import { useState } from "preact/hooks";
import { text } from "../i18n";
import { textOf } from "../i18n/verdict-text";
import type { Verdict } from "../wire/types";

export interface Note {
  text: string;
  tone: "good" | "note" | "bad";
}

/** What a verdict says, in words; null is a command that never got an answer. */
export function noteOf(verdict: Verdict | null): Note {
  if (!verdict) return { text: text("verdict.unsent"), tone: "bad" };
  const said = textOf(verdict);
  return { text: text(said.key, said.values), tone: said.tone };
}

/** Sends something, one at a time, and keeps what came of it for the line beside the button. */
export function useVerdict() {
  const [busy, setBusy] = useState(false);
  const [note, setNote] = useState<Note | null>(null);
  const send = async (command: () => Promise<Verdict | null>): Promise<Verdict | null> => {
    setBusy(true);
    setNote(null);
    try {
      const verdict = await command();
      setNote(noteOf(verdict));
      return verdict;
    } finally {
      setBusy(false);
    }
  };
  return { busy, note, setNote, send };
}

export function NoteLine({ note, testId }: { note: Note | null; testId: string }) {
  return (
    <p class={`note-line ${note?.tone ?? ""}`} role="status" data-testid={testId}>
      {note?.text}
    </p>
  );
}
