import { useRef, useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { Dialog } from "../shell/dialog";
import { Field } from "../shell/field";
import { FormError } from "../shell/form-parts";
import { useWork } from "../shell/work";
import { groupApi } from "../wire/group-api";
import type { Message } from "../wire/group-types";
import { lineOf } from "./preview";
import { shortTime } from "./time-text";

const pageSize = 20;
const maxLength = 100;

interface FindDialogProps {
  groupId: string;
  onGoTo: (seq: number) => void;
  onClose: () => void;
}

/** Looks for words in what was said, newest first. */
export function FindDialog({ groupId, onGoTo, onClose }: FindDialogProps) {
  const t = useTexts();
  const [words, setWords] = useState("");
  const [found, setFound] = useState<{ words: string; items: readonly Message[]; hasMore: boolean } | null>(null);
  const { busy, error, run } = useWork();
  const asked = useRef(0);
  const look = (more: boolean) => {
    const wanted = more && found ? found.words : words.trim();
    if (wanted === "") return;
    const round = ++asked.current;
    void run(async () => {
      const before = more ? found?.items.at(-1)?.seq : undefined;
      const page = await groupApi.search(groupId, wanted, before, pageSize);
      if (round !== asked.current) return;
      const items = more && found ? [...found.items, ...page.items] : page.items;
      setFound({ words: wanted, items, hasMore: page.hasMore });
    });
  };
  const submit = (event: Event) => {
    event.preventDefault();
    look(false);
  };
  return (
    <Dialog title={t("find.title")} onClose={onClose}>
      <form class="form" role="search" onSubmit={submit}>
        <Field
          label={t("find.label")}
          value={words}
          onChange={setWords}
          max={maxLength}
          placeholder={t("find.placeholder")}
          hint={t("find.hint")}
          first
          testId="find-words"
        />
        <button type="submit" class="button primary wide" disabled={words.trim() === "" || busy} data-testid="find">
          {t("chat.search")}
        </button>
      </form>
      <FormError text={error} />
      <p class="unseen" role="status">
        {found && found.items.length === 0 ? t("find.none") : ""}
      </p>
      {found && found.items.length === 0 && <p class="card-facts">{t("find.none")}</p>}
      {found && (
        <ol class="found-list">
          {found.items.map((message) => (
            <li key={message.seq}>
              <FoundLine message={message} onGoTo={onGoTo} />
            </li>
          ))}
        </ol>
      )}
      {found?.hasMore && (
        <button type="button" class="button quiet wide" disabled={busy} onClick={() => look(true)}>
          {t("find.more")}
        </button>
      )}
    </Dialog>
  );
}

/** A message in one line that leads to it. */
export function FoundLine({ message, onGoTo }: { message: Message; onGoTo: (seq: number) => void }) {
  return (
    <button type="button" class="found" onClick={() => onGoTo(message.seq)} data-testid="found" data-seq={message.seq}>
      <span class="found-head">
        <b>{message.fromName}</b>
        <span>{shortTime(message.at, Date.now())}</span>
      </span>
      <span class="found-text">{lineOf(message) || text("chat.recalledMine")}</span>
    </button>
  );
}
