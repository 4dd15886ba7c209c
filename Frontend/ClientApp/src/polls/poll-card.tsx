import { useId, useState } from "preact/hooks";
import { countText, text, useTexts } from "../i18n";
import type { RoomSession } from "../room/room-session";
import { NoteLine, useVerdict } from "../room/say-note";
import { CheckIcon } from "../shell/icons";
import { requireSession } from "../shell/sign-in";
import type { Poll } from "../wire/types";
import { toggled, type PollBar, type PollCardState } from "./polls";

interface PollCardProps {
  stay: RoomSession;
  poll: Poll;
  state: PollCardState;
  /** Whoever runs the room sees the counts before voting. */
  staff: boolean;
}

export function PollCard({ stay, poll, state, staff }: PollCardProps) {
  const t = useTexts();
  const { busy, note, setNote, send } = useVerdict();
  const open = state.phase === "open";
  const vote = async (choices: readonly number[]) => {
    if (!(await requireSession())) return;
    const verdict = await send(() => stay.commands.vote(poll.pollId, choices));
    if (verdict?.status === "accepted") setNote({ text: text("poll.thanks"), tone: "good" });
  };
  return (
    <div class="poll" data-testid="poll-card" data-phase={state.phase}>
      <PollHead poll={poll} />
      {open && <Ballot poll={poll} busy={busy} onVote={vote} />}
      {(!open || staff) && <Bars bars={state.bars} />}
      {state.phase === "counting" && <p class="card-facts">{t("poll.counting")}</p>}
      {state.phase === "closed" && <p class="card-facts">{t("poll.final")}</p>}
      <NoteLine note={note} testId="poll-note" />
    </div>
  );
}

/** What a poll asks, how one votes in it, and how many did. */
export function PollHead({ poll }: { poll: Poll }) {
  const t = useTexts();
  return (
    <>
      <h3 class="card-question">{poll.question}</h3>
      <p class="card-facts">
        {t(poll.multiple ? "poll.multiple" : "poll.single")}
        {poll.anonymous && ` · ${t("poll.anonymous")}`} ·{" "}
        <span data-testid="poll-voters" data-value={poll.voters}>
          {t("poll.voters", { n: countText(poll.voters) })}
        </span>
      </p>
    </>
  );
}

interface BallotProps {
  poll: Poll;
  busy: boolean;
  onVote: (choices: readonly number[]) => Promise<void>;
}

export function Ballot({ poll, busy, onVote }: BallotProps) {
  const t = useTexts();
  const name = useId();
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const submit = (event: Event) => {
    event.preventDefault();
    if (chosen.length > 0 && !busy) void onVote(chosen);
  };
  return (
    <form onSubmit={submit}>
      <fieldset class="options">
        <legend class="unseen">{poll.question}</legend>
        {poll.options.map((option, index) => (
          <label class="option" key={index} data-testid="poll-option">
            <input
              type={poll.multiple ? "checkbox" : "radio"}
              name={name}
              checked={chosen.includes(index)}
              onChange={() => setChosen(toggled(chosen, index, poll.multiple))}
            />
            <span class="option-face">
              <span class={`option-mark${poll.multiple ? " square" : ""}`} aria-hidden="true">
                <CheckIcon />
              </span>
              {option}
            </span>
          </label>
        ))}
      </fieldset>
      <button type="submit" class="button primary wide" disabled={chosen.length === 0 || busy} data-testid="poll-vote">
        {t("poll.vote")}
      </button>
    </form>
  );
}

export function Bars({ bars }: { bars: readonly PollBar[] }) {
  const t = useTexts();
  return (
    <ul class="bars">
      {bars.map((bar, index) => (
        <li
          class={`bar${bar.mine ? " mine" : ""}${bar.leads ? " leads" : ""}`}
          key={index}
          data-testid="poll-bar"
          data-value={bar.count}
          data-mine={bar.mine}
        >
          <span
            class="bar-fill"
            style={{ width: `${(Math.min(1, bar.share) * 100).toFixed(1)}%` }}
            aria-hidden="true"
          />
          <span class="bar-label">
            {bar.label}
            {bar.mine && (
              <span class="bar-mine">
                <CheckIcon />
                <span class="unseen">{t("poll.mine")}</span>
              </span>
            )}
          </span>
          <span class="bar-count">
            {Math.round(bar.share * 100)}% · {countText(bar.count)}
          </span>
        </li>
      ))}
    </ul>
  );
}
