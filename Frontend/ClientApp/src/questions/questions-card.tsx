import { useEffect, useState } from "preact/hooks";
import { countText, text, useTexts } from "../i18n";
import type { RoomSession } from "../room/room-session";
import type { RoomView, Say } from "../room/room-view";
import { NoteLine, useVerdict } from "../room/say-note";
import { lengthOf, maxQuestionLength } from "../room/text";
import { FormError } from "../shell/form-parts";
import { UpIcon } from "../shell/icons";
import { requireSession } from "../shell/sign-in";
import { useWork } from "../shell/work";
import { hostApi } from "../wire/room-api";
import type { Question } from "../wire/types";
import { inOrder } from "./questions";

interface QuestionsCardProps {
  stay: RoomSession;
  view: RoomView;
  userId: string | undefined;
  say: Say;
}

export function QuestionsCard({ stay, view, userId, say }: QuestionsCardProps) {
  const t = useTexts();
  const { error, run } = useWork();
  useEffect(() => void run(() => stay.commands.fetchQuestions()), [stay, userId]);
  const open = inOrder(view.questions, "open");
  const answered = inOrder(view.questions, "answered");
  const pinnedId = view.pinned?.questionId ?? null;
  const line = (question: Question) => (
    <QuestionLine
      key={question.questionId}
      stay={stay}
      question={question}
      own={question.userId === userId}
      say={say}
      pinned={question.questionId === pinnedId}
      live={view.room?.state === "live"}
    />
  );
  return (
    <div class="questions" data-testid="questions">
      {view.room?.state === "live" && <AskForm stay={stay} />}
      <FormError text={error} />
      {open.length === 0 && <p class="card-empty">{t("question.empty")}</p>}
      <ol class="question-list">{open.map(line)}</ol>
      {answered.length > 0 && (
        <>
          <h3 class="card-heading">{t("question.answered")}</h3>
          <ol class="question-list">{answered.map(line)}</ol>
        </>
      )}
    </div>
  );
}

function AskForm({ stay }: { stay: RoomSession }) {
  const t = useTexts();
  const [value, setValue] = useState("");
  const { busy, note, setNote, send } = useVerdict();
  const length = lengthOf(value);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy || length === 0 || length > maxQuestionLength || !(await requireSession())) return;
    const verdict = await send(() => stay.commands.question(value));
    if (verdict?.status !== "accepted") return;
    setValue("");
    setNote({ text: text("question.sent"), tone: "good" });
  };
  return (
    <form class="ask" onSubmit={submit}>
      <div class="ask-row">
        <input
          class="input"
          value={value}
          placeholder={t("question.placeholder")}
          aria-label={t("question.label")}
          aria-invalid={length > maxQuestionLength}
          autocomplete="off"
          enterkeyhint="send"
          onInput={(event) => setValue(event.currentTarget.value)}
          data-testid="ask-input"
        />
        <button
          type="submit"
          class="button primary"
          disabled={busy || length === 0 || length > maxQuestionLength}
          data-testid="ask-send"
        >
          {t("question.ask")}
        </button>
      </div>
      <NoteLine note={note} testId="ask-note" />
    </form>
  );
}

interface QuestionLineProps {
  stay: RoomSession;
  question: Question;
  own: boolean;
  say: Say;
  pinned: boolean;
  live: boolean;
}

function QuestionLine({ stay, question, own, say, pinned, live }: QuestionLineProps) {
  const t = useTexts();
  const { busy, note, send, setNote } = useVerdict();
  const open = question.state === "open";
  const upvote = async () => {
    if (!(await requireSession())) return;
    const verdict = await send(() => stay.commands.upvote(question.questionId));
    if (verdict?.status === "accepted") setNote(null);
  };
  return (
    <li class={`question${pinned ? " pinned-question" : ""}`} data-testid="question" data-state={question.state}>
      <button
        type="button"
        class="upvote"
        aria-pressed={question.upvoted === true}
        aria-label={t("question.upvote", { n: countText(question.upvotes) })}
        disabled={busy || !open || !live || question.upvoted === true}
        onClick={() => void upvote()}
        data-testid="upvote"
        data-value={question.upvotes}
      >
        <UpIcon />
        {countText(question.upvotes)}
      </button>
      <div class="question-words">
        <p class="question-from">
          {question.name}
          {pinned && <span class="tag">{t("room.pinned")}</span>}
          {own && <span class="tag soft">{t("room.you")}</span>}
        </p>
        <p>{question.text}</p>
        {!open && (
          <p class="question-answer" data-testid="answer">
            <span class="tag">{t("question.answerTag")}</span>
            {question.answer ?? t("question.answeredAloud")}
          </p>
        )}
        {note && <NoteLine note={note} testId="upvote-note" />}
        {(say !== "none" || (own && open)) && (
          <QuestionTools stay={stay} question={question} say={say} pinned={pinned} />
        )}
      </div>
    </li>
  );
}

interface QuestionToolsProps {
  stay: RoomSession;
  question: Question;
  say: Say;
  pinned: boolean;
}

/** What the host, a moderator, or while it is open who asked may do with a question. */
function QuestionTools({ stay, question, say, pinned }: QuestionToolsProps) {
  const t = useTexts();
  const { busy, error, run } = useWork();
  const [writing, setWriting] = useState(false);
  const staff = say !== "none";
  const open = question.state === "open";
  const { roomId } = stay;
  const pin = () =>
    run(() => (pinned ? hostApi.unpin(roomId) : hostApi.pin(roomId, { questionId: question.questionId })));
  return (
    <>
      <div class="line-tools">
        {staff && open && (
          <button
            type="button"
            class="link-button"
            aria-expanded={writing}
            onClick={() => setWriting(!writing)}
            data-testid="question-answer"
          >
            {t("question.answer")}
          </button>
        )}
        {staff && (
          <button
            type="button"
            class="link-button"
            disabled={busy}
            onClick={() => void pin()}
            data-testid="question-pin"
          >
            {t(pinned ? "pin.remove" : "pin.pin")}
          </button>
        )}
        <button
          type="button"
          class="link-button"
          disabled={busy}
          onClick={() => void run(() => stay.commands.withdraw(question.questionId))}
        >
          {t(staff ? "question.dismiss" : "question.withdraw")}
        </button>
      </div>
      {writing && open && <AnswerForm roomId={roomId} question={question} />}
      <FormError text={error} />
    </>
  );
}

function AnswerForm({ roomId, question }: { roomId: string; question: Question }) {
  const t = useTexts();
  const [value, setValue] = useState("");
  const { busy, error, run } = useWork();
  const answer = (written: string | null) => run(() => hostApi.answer(roomId, question.questionId, written));
  const submit = (event: Event) => {
    event.preventDefault();
    if (!busy && lengthOf(value) > 0) void answer(value.trim());
  };
  return (
    <form class="answer-form" onSubmit={submit}>
      <input
        class="input"
        value={value}
        aria-label={t("question.answerLabel", { name: question.name })}
        placeholder={t("question.answerPlaceholder")}
        autocomplete="off"
        onInput={(event) => setValue(event.currentTarget.value)}
        data-testid="answer-input"
      />
      <div class="form-buttons">
        <button type="button" class="button quiet" disabled={busy} onClick={() => void answer(null)}>
          {t("question.aloud")}
        </button>
        <button type="submit" class="button primary" disabled={busy || lengthOf(value) === 0} data-testid="answer-send">
          {t("question.answer")}
        </button>
      </div>
      <FormError text={error} />
    </form>
  );
}
