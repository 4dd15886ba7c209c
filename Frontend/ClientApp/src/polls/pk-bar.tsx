import { useState } from "preact/hooks";
import { countText, useTexts } from "../i18n";
import type { RoomSession } from "../room/room-session";
import { clockText, useNow } from "../shell/now";
import { requireSession } from "../shell/sign-in";
import { CloseIcon } from "../shell/icons";
import type { Pk, PkSide } from "../wire/types";
import { leftShare, secondsUntil } from "./polls";

interface PkBarProps {
  stay: RoomSession;
  pk: Pk;
  /** Puts a PK that is over away. */
  onClose: () => void;
}

/** Two sides and a bar between them. Both sides are buttons while it lasts. */
export function PkBar({ stay, pk, onClose }: PkBarProps) {
  const t = useTexts();
  const now = useNow(stay.clock, !pk.closed);
  const seconds = pk.closed ? 0 : secondsUntil(pk.closesAt, now);
  const over = pk.closed || seconds === 0;
  const share = leftShare(pk);
  return (
    <section class={`pk${over ? " over" : ""}`} aria-label={t("pk.title")} data-testid="pk" data-closed={pk.closed}>
      <div class="pk-head">
        <span class="pk-badge" aria-hidden="true">
          PK
        </span>
        <span class="pk-time">{over ? resultText(t, pk) : clockText(seconds)}</span>
        {over && (
          <button type="button" class="icon-button pk-close" aria-label={t("app.close")} onClick={onClose}>
            <CloseIcon />
          </button>
        )}
      </div>
      <div class="pk-sides">
        <Side stay={stay} pk={pk} side="left" over={over} />
        <Side stay={stay} pk={pk} side="right" over={over} />
      </div>
      <div class="pk-track" aria-hidden="true">
        <span class="pk-left" style={{ width: `${(share * 100).toFixed(2)}%` }} />
      </div>
    </section>
  );
}

function resultText(t: ReturnType<typeof useTexts>, pk: Pk): string {
  if (!pk.closed) return t("poll.counting");
  if (pk.winner === "draw" || pk.leftPoints === pk.rightPoints) return t("pk.draw");
  return t("pk.won", { name: pk.leftPoints > pk.rightPoints ? pk.left : pk.right });
}

function Side({ stay, pk, side, over }: { stay: RoomSession; pk: Pk; side: PkSide; over: boolean }) {
  const t = useTexts();
  const [beat, setBeat] = useState(0);
  const name = side === "left" ? pk.left : pk.right;
  const points = side === "left" ? pk.leftPoints : pk.rightPoints;
  const cheer = async () => {
    if ((await requireSession()) && stay.cheer(pk.pkId, side)) setBeat(beat + 1);
  };
  return (
    <button
      type="button"
      class={`pk-side ${side}${beat > 0 ? ` beat-${beat % 2}` : ""}`}
      disabled={over}
      aria-label={t("pk.cheer", { name, n: countText(points) })}
      onClick={() => void cheer()}
      data-testid={`pk-${side}`}
      data-value={points}
    >
      <span class="pk-name">{name}</span>
      <span class="pk-points">{countText(points)}</span>
    </button>
  );
}
