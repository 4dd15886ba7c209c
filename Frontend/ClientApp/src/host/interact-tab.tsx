import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { DrawForm } from "../draws/draw-form";
import { countText, useTexts } from "../i18n";
import type { MessageKey } from "../i18n/messages";
import { PinForm } from "../pins/pin-form";
import { PkForm } from "../polls/pk-form";
import { PollForm } from "../polls/poll-form";
import { Bars } from "../polls/poll-card";
import { pollCard, secondsUntil } from "../polls/polls";
import type { RoomSession } from "../room/room-session";
import type { RoomView } from "../room/room-view";
import { FormError } from "../shell/form-parts";
import { clockText, useNow } from "../shell/now";
import { useWork } from "../shell/work";
import { hostApi } from "../wire/room-api";

type Kind = "poll" | "pk" | "draw" | "pin";

interface InteractTabProps {
  stay: RoomSession;
  view: RoomView;
  host: boolean;
}

/** Opens things for the viewers, and shows and closes what is open. */
export function InteractTab({ stay, view, host }: InteractTabProps) {
  const t = useTexts();
  const [kind, setKind] = useState<Kind | null>(null);
  const kinds: readonly { key: Kind; name: MessageKey }[] = [
    { key: "poll", name: "console.newPoll" },
    { key: "pk", name: "console.newPk" },
    ...(host ? ([{ key: "draw", name: "console.newDraw" }] as const) : []),
    { key: "pin", name: "console.newPin" },
  ];
  const done = () => setKind(null);
  const { roomId } = stay;
  return (
    <div class="console-stack">
      <div class="starters">
        {kinds.map(({ key, name }) => (
          <button
            key={key}
            type="button"
            class="starter"
            aria-expanded={kind === key}
            onClick={() => setKind(kind === key ? null : key)}
            data-testid={`new-${key}`}
          >
            {t(name)}
          </button>
        ))}
      </div>
      {kind === "poll" && <PollForm open={(poll) => hostApi.openPoll(roomId, poll)} onDone={done} />}
      {kind === "pk" && <PkForm roomId={roomId} onDone={done} />}
      {kind === "draw" && <DrawForm roomId={roomId} onDone={done} />}
      {kind === "pin" && <PinForm roomId={roomId} pinned={view.pinned} onDone={done} />}
      <Running stay={stay} view={view} />
    </div>
  );
}

function Running({ stay, view }: { stay: RoomSession; view: RoomView }) {
  const t = useTexts();
  const now = useNow(stay.clock, true, 1_000);
  const { roomId } = stay;
  const polls = view.polls.filter((poll) => !poll.closed);
  const pks = view.pks.filter((pk) => !pk.closed);
  const draws = view.draws.filter((draw) => !draw.winnerIds);
  const time = (closesAt: number) => clockText(secondsUntil(closesAt, now));
  return (
    <>
      <h3 class="card-heading">{t("console.running")}</h3>
      {polls.length + pks.length + draws.length === 0 && <p class="card-empty">{t("console.nothingRuns")}</p>}
      {polls.map((poll) => (
        <Thing
          key={poll.pollId}
          title={poll.question}
          facts={`${time(poll.closesAt)} · ${t("poll.voters", { n: countText(poll.voters) })}`}
          onStop={() => hostApi.closePoll(roomId, poll.pollId)}
          onPin={() => hostApi.pin(roomId, { pollId: poll.pollId })}
          testId="running-poll"
        >
          <Bars bars={pollCard(poll, now).bars} />
        </Thing>
      ))}
      {pks.map((pk) => (
        <Thing
          key={pk.pkId}
          title={`${pk.left} PK ${pk.right}`}
          facts={`${time(pk.closesAt)} · ${countText(pk.leftPoints)} : ${countText(pk.rightPoints)}`}
          onStop={() => hostApi.closePk(roomId, pk.pkId)}
          testId="running-pk"
        />
      ))}
      {draws.map((draw) => (
        <Thing
          key={draw.drawId}
          title={draw.prize}
          facts={`${time(draw.closesAt)} · ${t("draw.entrants", { n: countText(draw.entrants) })}`}
          testId="running-draw"
        />
      ))}
    </>
  );
}

interface ThingProps {
  title: string;
  facts: string;
  onStop?: () => Promise<unknown>;
  onPin?: () => Promise<unknown>;
  testId: string;
  children?: ComponentChildren;
}

function Thing({ title, facts, onStop, onPin, testId, children }: ThingProps) {
  const t = useTexts();
  const { busy, error, run } = useWork();
  return (
    <article class="thing" data-testid={testId}>
      <div class="thing-head">
        <div>
          <h4>{title}</h4>
          <p class="card-facts">{facts}</p>
        </div>
        {onPin && (
          <button
            type="button"
            class="mini-button"
            disabled={busy}
            onClick={() => void run(onPin)}
            data-testid="pin-it"
          >
            {t("pin.pin")}
          </button>
        )}
        {onStop && (
          <button type="button" class="mini-button" disabled={busy} onClick={() => void run(onStop)} data-testid="stop">
            {t("console.stop")}
          </button>
        )}
      </div>
      {children}
      <FormError text={error} />
    </article>
  );
}
