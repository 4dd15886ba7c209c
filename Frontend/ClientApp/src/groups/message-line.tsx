import { useEffect, useRef } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import { Avatar } from "../shell/avatar";
import { copy } from "../shell/clipboard";
import { MoreIcon } from "../shell/icons";
import { Link } from "../shell/router";
import { toast } from "../shell/toast";
import type { Message, SendAnswer } from "../wire/group-types";
import { CardView } from "./cards";
import { runs, type ChatView } from "./chat-view";
import type { Answering } from "./composer";
import type { GroupsSession } from "./groups-session";
import { partsOf, type Person } from "./mentions";
import type { Outgoing } from "./message-log";
import { canEdit, canRecall } from "./message-rows";
import { lineOf, recalledText } from "./preview";
import { clockTime } from "./time-text";

export interface LineActions {
  talk: GroupsSession;
  onAnswer: (answering: Answering) => void;
  onGoTo: (seq: number) => void;
  onReceipts: (seq: number) => void;
  /** The message whose menu is open. */
  openMenu: number | null;
  onMenu: (seq: number | null) => void;
}

const quickEmojis = ["👍", "❤️", "😂", "🎉", "😮", "😢"];

interface MessageLineProps {
  view: ChatView;
  message: Message;
  follows: boolean;
  actions: LineActions;
}

export function MessageLine({ view, message, follows, actions }: MessageLineProps) {
  const t = useTexts();
  const { userId } = actions.talk;
  const mine = message.from === userId;
  const open = actions.openMenu === message.seq;
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (open) line.current?.scrollIntoView({ block: "nearest" });
  }, [open]);
  if (message.recalled)
    return (
      <li class="recalled-line" data-testid="message" data-seq={message.seq} data-recalled tabIndex={-1}>
        {recalledText(message, userId)}
      </li>
    );
  const keys = (event: KeyboardEvent) => event.key === "Escape" && open && actions.onMenu(null);
  return (
    <li
      ref={line}
      class={`message${mine ? " mine" : ""}${follows ? " follows" : ""}${open ? " open" : ""}`}
      data-testid="message"
      data-seq={message.seq}
      tabIndex={-1}
      onKeyDown={keys}
    >
      <Sender message={message} mine={mine} follows={follows} />
      <div class="message-body">
        {!follows && !mine && view.group?.kind === "group" && <p class="message-name">{message.fromName}</p>}
        <div class="bubble-line">
          <div class="bubble">
            {message.replyTo != null && <Quote view={view} seq={message.replyTo} onGoTo={actions.onGoTo} />}
            {message.text && message.card?.kind !== "poll" && (
              <MessageText view={view} message={message} userId={userId} />
            )}
            {message.card && <CardView talk={actions.talk} view={view} card={message.card} />}
            <span class="message-time">
              {message.editedAt != null && `${t("chat.edited")} · `}
              {clockTime(message.at)}
            </span>
          </div>
          <button
            type="button"
            class="line-action"
            aria-label={t("chat.menu", { name: message.fromName })}
            aria-expanded={open}
            onClick={() => actions.onMenu(open ? null : message.seq)}
            data-testid="message-menu"
          >
            <MoreIcon />
          </button>
        </div>
        {open && <Menu view={view} message={message} actions={actions} />}
        <Reactions message={message} talk={actions.talk} />
        {mine && <ReadState view={view} message={message} onReceipts={actions.onReceipts} />}
      </div>
    </li>
  );
}

function Sender({ message, mine, follows }: { message: Message; mine: boolean; follows: boolean }) {
  if (mine) return <span class="unseen">{text("room.you")}</span>;
  if (follows) return <span class="message-side" aria-hidden="true" />;
  return (
    <Link to={`/user/${message.from}`} class="message-side" aria-label={message.fromName}>
      <Avatar id={message.from} name={message.fromName} size="medium" />
    </Link>
  );
}

function MessageText({ view, message, userId }: { view: ChatView; message: Message; userId: string | undefined }) {
  const people = (message.mentions ?? [])
    .map((id) => view.members.find((member) => member.userId === id))
    .filter((person): person is NonNullable<typeof person> => person !== undefined);
  return <p class="message-text">{textParts(message.text, people, userId)}</p>;
}

function textParts(said: string, people: readonly Person[], userId: string | undefined) {
  return partsOf(said, people, userId).map((part, index) =>
    part.kind === "link" ? (
      <a key={index} href={part.text} target="_blank" rel="noopener noreferrer nofollow">
        {part.text}
      </a>
    ) : part.kind === "mention" ? (
      <b key={index} class={`mention${part.mine ? " me" : ""}`}>
        {part.text}
      </b>
    ) : (
      part.text
    ),
  );
}

/** What a message answers, in one line. */
function Quote({ view, seq, onGoTo }: { view: ChatView; seq: number; onGoTo: (seq: number) => void }) {
  const t = useTexts();
  const answered = view.log.messages.find((message) => message.seq === seq);
  return (
    <button type="button" class="quote" title={t("chat.goTo")} onClick={() => onGoTo(seq)} data-testid="quote">
      {answered ? (
        <>
          <b>{answered.fromName}</b> {answered.recalled ? recalledText(answered, undefined) : lineOf(answered)}
        </>
      ) : (
        t("chat.replyGone")
      )}
    </button>
  );
}

function Reactions({ message, talk }: { message: Message; talk: GroupsSession }) {
  const t = useTexts();
  const all = Object.entries(message.reactions ?? {});
  if (all.length === 0) return null;
  return (
    <div class="reactions">
      {all.map(([emoji, n]) => {
        const mine = message.myReactions?.includes(emoji) ?? false;
        return (
          <button
            key={emoji}
            type="button"
            class="reaction"
            aria-pressed={mine}
            aria-label={t("chat.reaction", { emoji, n })}
            onClick={() => void tell(talk.react(message.seq, emoji, !mine))}
            data-testid="reaction"
            data-emoji={emoji}
          >
            {emoji} {n}
          </button>
        );
      })}
    </div>
  );
}

interface MenuProps {
  view: ChatView;
  message: Message;
  actions: LineActions;
}

function Menu({ view, message, actions }: MenuProps) {
  const t = useTexts();
  const { talk, onAnswer, onMenu, onReceipts } = actions;
  const now = Date.now();
  const done = (work?: () => void) => () => {
    onMenu(null);
    work?.();
  };
  const react = (emoji: string) => {
    const on = !(message.myReactions?.includes(emoji) ?? false);
    void tell(talk.react(message.seq, emoji, on));
  };
  return (
    <div class="line-menu" role="group" aria-label={t("chat.menu", { name: message.fromName })}>
      <span class="emoji-row">
        {quickEmojis.map((emoji) => (
          <button
            key={emoji}
            type="button"
            class="emoji"
            aria-label={t("chat.react", { emoji })}
            onClick={done(() => react(emoji))}
            data-testid="react"
          >
            {emoji}
          </button>
        ))}
      </span>
      <MenuButton label={t("chat.reply")} testId="reply" onClick={done(() => onAnswer({ kind: "reply", message }))} />
      {canEdit(message, talk.userId, now) && (
        <MenuButton label={t("chat.edit")} testId="edit" onClick={done(() => onAnswer({ kind: "edit", message }))} />
      )}
      {canRecall(message, talk.userId, runs(view.group), now) && (
        <MenuButton
          label={t("chat.recall")}
          testId="recall"
          onClick={done(() => void tell(talk.recall(message.seq)))}
        />
      )}
      {message.text && (
        <MenuButton label={t("chat.copy")} testId="copy" onClick={done(() => void copyWords(message.text))} />
      )}
      {view.group?.kind === "group" && (
        <MenuButton label={t("chat.receipts")} testId="who-read" onClick={done(() => onReceipts(message.seq))} />
      )}
    </div>
  );
}

function MenuButton({ label, testId, onClick }: { label: string; testId: string; onClick: () => void }) {
  return (
    <button type="button" class="mini-button" onClick={onClick} data-testid={testId}>
      {label}
    </button>
  );
}

/** Under one's last message: how far the others have read. Members beyond those that are known here are not guessed. */
function ReadState({ view, message, onReceipts }: Omit<MenuProps, "actions"> & { onReceipts: (seq: number) => void }) {
  const t = useTexts();
  const isLast = view.log.messages.at(-1)?.seq === message.seq;
  const others = view.members.filter((member) => member.userId !== message.from);
  if (!isLast || view.log.hasNewer || others.length !== (view.group?.members ?? 0) - 1 || others.length === 0)
    return null;
  const read = others.filter((member) => member.readSeq >= message.seq).length;
  if (view.group?.kind === "direct")
    return (
      <p class="read-state" data-testid="read-state" data-read={read}>
        {t(read > 0 ? "chat.read" : "chat.delivered")}
      </p>
    );
  return (
    <button
      type="button"
      class="read-state link-button"
      onClick={() => onReceipts(message.seq)}
      data-testid="read-state"
      data-read={read}
    >
      {read === others.length ? t("chat.readByAll") : t("chat.readBy", { n: read })}
    </button>
  );
}

/** What this user has just said, until the server has it. */
export function OutgoingLine({ talk, outgoing }: { talk: GroupsSession; outgoing: Outgoing }) {
  const t = useTexts();
  const failed = outgoing.state === "failed";
  const why = outgoing.reason ? t(errorKey(outgoing.reason)) : t("chat.unsent");
  return (
    <li class="message mine" data-testid="outgoing" data-state={outgoing.state}>
      <div class="message-body">
        <div class="bubble-line">
          <div class="bubble waiting">
            <p class="message-text">{outgoing.text || `[${t("chat.note")}]`}</p>
          </div>
        </div>
        <p class={failed ? "send-failed" : "read-state"} role={failed ? "alert" : undefined}>
          {failed ? t("chat.failed", { why }) : t("chat.sending")}
          {failed && (
            <>
              <button type="button" class="link-button" onClick={() => void talk.resend(outgoing)} data-testid="resend">
                {t("chat.again")}
              </button>
              <button type="button" class="link-button" onClick={() => talk.discard(outgoing.key)}>
                {t("chat.discard")}
              </button>
            </>
          )}
        </p>
      </div>
    </li>
  );
}

/** Says it when something was not done. */
async function tell(work: Promise<SendAnswer | null>): Promise<void> {
  const answer = await work;
  if (answer?.status !== "accepted") toast(text(answer?.reason ? errorKey(answer.reason) : "verdict.unsent"));
}

const copyWords = (words: string): Promise<void> => copy(words, text("chat.copied"), text("error.unknown"));
