import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import { PollForm } from "../polls/poll-form";
import { lengthOf } from "../room/text";
import { Avatar } from "../shell/avatar";
import { Dialog } from "../shell/dialog";
import { CloseIcon, PollIcon, SendIcon } from "../shell/icons";
import { useNow } from "../shell/now";
import { toast } from "../shell/toast";
import { groupApi } from "../wire/group-api";
import type { Message } from "../wire/group-types";
import { serverClock } from "../wire/server-clock";
import { isMuted, type ChatView } from "./chat-view";
import type { GroupsSession } from "./groups-session";
import { cardOf, completed, mentionAt, mentioned, suggested, type Person } from "./mentions";
import { lineOf } from "./preview";
import { wholeTime } from "./time-text";

/** What is written belongs to a message: it answers it, or takes the place of its text. */
export type Answering = { kind: "reply" | "edit"; message: Message } | null;

export const maxMessageLength = 5_000;

const pollTimes = [3_600, 86_400, 600];

interface ComposerProps {
  talk: GroupsSession;
  view: ChatView;
  answering: Answering;
  onAnswering: (answering: Answering) => void;
}

export function Composer({ talk, view, answering, onAnswering }: ComposerProps) {
  const t = useTexts();
  const now = useNow(serverClock, (view.group?.mutedUntil ?? 0) > 0, 1_000);
  const [polling, setPolling] = useState(false);
  if (isMuted(view, now))
    return (
      <p class="say muted" role="status" data-testid="muted-note">
        {t("say.muted", { time: wholeTime(view.group!.mutedUntil!) })}
      </p>
    );
  return (
    <>
      <Writer
        key={answering?.kind === "edit" ? `edit-${answering.message.seq}` : "say"}
        talk={talk}
        view={view}
        answering={answering}
        onAnswering={onAnswering}
        onPoll={() => setPolling(true)}
      />
      {polling && (
        <Dialog title={t("say.poll")} onClose={() => setPolling(false)}>
          <PollForm
            open={async (poll) => talk.keepPoll((await groupApi.openPoll(view.groupId!, poll)).poll)}
            onDone={() => setPolling(false)}
            times={pollTimes}
          />
        </Dialog>
      )}
    </>
  );
}

function Writer({ talk, view, answering, onAnswering, onPoll }: ComposerProps & { onPoll: () => void }) {
  const t = useTexts();
  const input = useRef<HTMLTextAreaElement>(null);
  const [said, setSaid] = useState(answering?.kind === "edit" ? answering.message.text : "");
  const [picked, setPicked] = useState<readonly Person[]>([]);
  const [cursor, setCursor] = useState(0);
  const [chosen, setChosen] = useState(0);
  const hintsId = useId();
  const at = view.group?.kind === "group" ? mentionAt(said, cursor) : null;
  const hints = at ? suggested(view.members, at.query, talk.userId) : [];
  const length = lengthOf(said);
  const fits = length > 0 && length <= maxMessageLength;
  useGrowing(input, said);
  useEffect(() => {
    if (answering) input.current?.focus();
  }, [answering]);
  const pick = (person: Person) => {
    const [next, place] = completed(said, at!, person.name);
    setSaid(next);
    setPicked([...picked, person]);
    setCursor(place);
    setChosen(0);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(place, place);
    });
  };
  const send = () => {
    if (!fits) return;
    const line = said.trim();
    onAnswering(null);
    setSaid("");
    setPicked([]);
    if (answering?.kind === "edit") return void saveEdit(talk, answering.message, line);
    const card = cardOf(line, location.host);
    const replyTo = answering?.message.seq ?? null;
    void talk.send({ text: card ? "" : line, replyTo, mentions: [...mentioned(line, picked)], card });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (hints.length > 0 && handleHints(event, hints, chosen, setChosen, pick)) return;
    if (event.key === "Escape" && answering) onAnswering(null);
    if (event.key !== "Enter") return;
    // The server takes one line: Enter sends it.
    event.preventDefault();
    send();
  };
  const written = (event: Event) => {
    const area = event.currentTarget as HTMLTextAreaElement;
    setSaid(area.value.replace(/[\r\n]+/g, " "));
    setCursor(area.selectionStart);
    setChosen(0);
    if (answering?.kind !== "edit" && area.value.trim() !== "") talk.typing();
  };
  return (
    <form
      class="say"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {answering && <AnsweringBar answering={answering} onStop={() => onAnswering(null)} />}
      {hints.length > 0 && <Hints id={hintsId} people={hints} chosen={chosen} onPick={pick} />}
      <div class="say-line">
        {answering?.kind !== "edit" && view.group?.kind === "group" && (
          <button type="button" class="icon-button" aria-label={t("say.poll")} onClick={onPoll} data-testid="say-poll">
            <PollIcon />
          </button>
        )}
        <textarea
          ref={input}
          class="input say-input"
          rows={1}
          value={said}
          placeholder={t("say.placeholder")}
          aria-label={t("say.label")}
          aria-invalid={length > maxMessageLength}
          aria-autocomplete="list"
          aria-controls={hints.length > 0 ? hintsId : undefined}
          aria-activedescendant={hints.length > 0 ? `${hintsId}-${chosen}` : undefined}
          enterkeyhint="send"
          onInput={written}
          onKeyDown={keys}
          onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
          data-testid="say-input"
        />
        <button
          type="submit"
          class="icon-button send"
          aria-label={t(answering?.kind === "edit" ? "say.save" : "say.send")}
          disabled={!fits}
          data-testid="say-send"
        >
          <SendIcon />
        </button>
      </div>
      {length > maxMessageLength && (
        <p class="form-error" role="alert">
          {t("say.tooLong")}
        </p>
      )}
    </form>
  );
}

/** Arrows, Enter and Tab belong to the suggestions while there are any. */
function handleHints(
  event: KeyboardEvent,
  hints: readonly Person[],
  chosen: number,
  setChosen: (index: number) => void,
  pick: (person: Person) => void,
): boolean {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    setChosen((chosen + (event.key === "ArrowDown" ? 1 : hints.length - 1)) % hints.length);
  } else if (event.key === "Enter" || event.key === "Tab") pick(hints[chosen] ?? hints[0]!);
  else return false;
  event.preventDefault();
  return true;
}

function AnsweringBar({ answering, onStop }: { answering: NonNullable<Answering>; onStop: () => void }) {
  const t = useTexts();
  const { kind, message } = answering;
  return (
    <div class="answering" data-testid="answering" data-kind={kind}>
      <p>
        <b>{kind === "edit" ? t("chat.editing") : t("chat.replyTo", { name: message.fromName })}</b>
        {kind === "reply" && <span>{lineOf(message)}</span>}
      </p>
      <button
        type="button"
        class="icon-button"
        aria-label={t(kind === "edit" ? "say.cancelEdit" : "say.cancelReply")}
        onClick={onStop}
      >
        <CloseIcon />
      </button>
    </div>
  );
}

interface HintsProps {
  id: string;
  people: readonly Person[];
  chosen: number;
  onPick: (person: Person) => void;
}

function Hints({ id, people, chosen, onPick }: HintsProps) {
  const t = useTexts();
  return (
    <ul class="hints" role="listbox" id={id} aria-label={t("say.people")}>
      {people.map((person, index) => (
        <li
          key={person.userId}
          id={`${id}-${index}`}
          class="hint"
          role="option"
          aria-selected={index === chosen}
          onMouseDown={(event) => {
            event.preventDefault();
            onPick(person);
          }}
          data-testid="mention-hint"
        >
          <Avatar id={person.userId} name={person.name} />
          <span>{person.name}</span>
        </li>
      ))}
    </ul>
  );
}

/** As high as its text, up to what the style allows. */
function useGrowing(input: { current: HTMLTextAreaElement | null }, said: string): void {
  useLayoutEffect(() => {
    const area = input.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }, [said]);
}

async function saveEdit(talk: GroupsSession, message: Message, line: string): Promise<void> {
  if (line === message.text) return;
  const answer = await talk.edit(message.seq, line);
  if (answer?.status !== "accepted") toast(text(answer?.reason ? errorKey(answer.reason) : "verdict.unsent"));
}
