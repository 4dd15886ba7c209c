import { countText, text, useTexts } from "../i18n";
import type { RoomSession } from "../room/room-session";
import { NoteLine, noteOf, useVerdict } from "../room/say-note";
import { GiftIcon } from "../shell/icons";
import { useNames } from "../shell/names";
import { clockText } from "../shell/now";
import { requireSession } from "../shell/sign-in";
import { api } from "../wire/api";
import type { Draw, Verdict } from "../wire/types";
import type { MessageKey } from "../i18n/messages";
import { DrawProofPanel } from "./draw-proof-panel";
import type { DrawCardState } from "./draws";

/** Winners whose names are looked up; of more the rest is a number. */
const namedWinners = 12;

interface DrawCardProps {
  stay: RoomSession;
  draw: Draw;
  state: DrawCardState;
  hostId: string;
  userId: string | undefined;
  onJoined: () => void;
}

export function DrawCard({ stay, draw, state, hostId, userId, onJoined }: DrawCardProps) {
  const t = useTexts();
  return (
    <div class="draw" data-testid="draw-card" data-phase={state.phase}>
      <div class="draw-prize">
        <span class="draw-art" aria-hidden="true">
          <GiftIcon />
        </span>
        <div>
          <h3 class="card-question">{draw.prize}</h3>
          <p class="card-facts">
            {t("draw.winners", { n: draw.winners })} ·{" "}
            <span data-testid="draw-entrants" data-value={draw.entrants}>
              {t("draw.entrants", { n: countText(draw.entrants) })}
            </span>
          </p>
        </div>
      </div>
      {!draw.winnerIds && <p class="draw-condition">{conditionText(draw)}</p>}
      {(state.phase === "open" || state.phase === "joined") && (
        <Join stay={stay} draw={draw} joined={state.phase === "joined"} hostId={hostId} onJoined={onJoined} />
      )}
      {state.phase === "drawing" && <p class="draw-state">{t("draw.drawing")}</p>}
      {draw.winnerIds && <Result draw={draw} phase={state.phase} userId={userId} />}
      <DrawProofPanel roomId={stay.roomId} draw={draw} />
    </div>
  );
}

export function conditionText(draw: Draw): string {
  const { kind, value } = draw.condition;
  if (kind === "watched") return text("draw.condition.watched", { time: clockText(Number(value ?? 0)) });
  if (kind === "password") return text("draw.condition.password", { phrase: String(value ?? "") });
  return text(`draw.condition.${kind}`);
}

/** What one has to do first is offered as the button itself, where the page can do it. */
const joinTexts: Record<Draw["condition"]["kind"], MessageKey> = {
  none: "draw.join",
  password: "draw.joinPassword",
  followed: "draw.joinFollow",
  voted: "draw.join",
  watched: "draw.join",
};

interface JoinProps {
  stay: RoomSession;
  draw: Draw;
  joined: boolean;
  hostId: string;
  onJoined: () => void;
}

function Join({ stay, draw, joined, hostId, onJoined }: JoinProps) {
  const t = useTexts();
  const { busy, note, setNote, send } = useVerdict();
  const enter = async (): Promise<Verdict | null> => {
    if (draw.condition.kind === "followed") await api.follow(hostId).catch(() => undefined);
    if (draw.condition.kind === "password") {
      const said = await stay.send(String(draw.condition.value ?? ""), "scroll", "#ffffff");
      if (!said || said.status === "rejected") return said;
    }
    return stay.commands.enterDraw(draw.drawId);
  };
  const join = async () => {
    if (!(await requireSession())) return;
    const verdict = await send(enter);
    if (verdict?.status === "accepted") {
      setNote(null);
      onJoined();
    } else if (verdict?.unmet) setNote({ text: text(`draw.unmet.${verdict.unmet}`), tone: "bad" });
    else setNote(noteOf(verdict));
  };
  if (joined) {
    return (
      <p class="draw-state good" role="status" data-testid="draw-joined">
        {t("draw.joined")}
      </p>
    );
  }
  return (
    <>
      <button
        type="button"
        class="button primary wide"
        disabled={busy}
        onClick={() => void join()}
        data-testid="draw-join"
      >
        {t(joinTexts[draw.condition.kind])}
      </button>
      <NoteLine note={note} testId="draw-note" />
    </>
  );
}

function Result({ draw, phase, userId }: { draw: Draw; phase: DrawCardState["phase"]; userId: string | undefined }) {
  const t = useTexts();
  const winners = draw.winnerIds ?? [];
  const nameOf = useNames(winners.slice(0, namedWinners));
  return (
    <div class="draw-result">
      {phase === "won" && (
        <p class="draw-state good" role="status" data-testid="draw-won">
          {t("draw.won")}
        </p>
      )}
      {phase === "lost" && <p class="draw-state">{t("draw.lost")}</p>}
      <h4>{winners.length === 0 ? t("draw.nobody") : t("draw.winnersAre")}</h4>
      <ol class="winners" data-testid="draw-winners">
        {winners.slice(0, namedWinners).map((id) => (
          <li key={id} class={id === userId ? "me" : ""}>
            {nameOf(id)}
          </li>
        ))}
      </ol>
      {winners.length > namedWinners && (
        <p class="card-facts">{t("draw.moreWinners", { n: winners.length - namedWinners })}</p>
      )}
    </div>
  );
}
