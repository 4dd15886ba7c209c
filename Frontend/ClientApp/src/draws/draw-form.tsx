import { useId, useMemo, useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { lengthOf, maxDanmakuLength, maxPrizeLength, newKey } from "../room/text";
import { Field } from "../shell/field";
import { SecondsField } from "../shell/seconds-field";
import { useWork } from "../shell/work";
import { hostApi } from "../wire/room-api";
import type { DrawCondition, DrawConditionKind } from "../wire/types";

const kinds: readonly DrawConditionKind[] = ["none", "password", "voted", "followed", "watched"];
/** The most winners the server draws at once. */
const mostWinners = 1_000;
const watchTimes = [30, 60, 180, 300, 600, 1_800];

function conditionOf(kind: DrawConditionKind, phrase: string, watched: number): DrawCondition {
  if (kind === "password") return { kind, value: phrase.trim() };
  return kind === "watched" ? { kind, value: watched } : { kind };
}

export function DrawForm({ roomId, onDone }: { roomId: string; onDone: () => void }) {
  const t = useTexts();
  const id = useId();
  const [prize, setPrize] = useState("");
  const [winners, setWinners] = useState("1");
  const [kind, setKind] = useState<DrawConditionKind>("none");
  const [phrase, setPhrase] = useState("");
  const [watched, setWatched] = useState(60);
  const [seconds, setSeconds] = useState(60);
  const { busy, error, run } = useWork();
  const count = /^\d+$/.test(winners) ? Number(winners) : 0;
  const draw = { prize: prize.trim(), winners: count, seconds, condition: conditionOf(kind, phrase, watched) };
  const key = useMemo(newKey, [JSON.stringify(draw)]);
  const fits =
    lengthOf(prize) > 0 &&
    lengthOf(prize) <= maxPrizeLength &&
    count >= 1 &&
    count <= mostWinners &&
    (kind !== "password" || (lengthOf(phrase) > 0 && lengthOf(phrase) <= maxDanmakuLength));
  const submit = async (event: Event) => {
    event.preventDefault();
    if (fits && !busy && (await run(() => hostApi.openDraw(roomId, { ...draw, key })))) onDone();
  };
  return (
    <form class="form sub-form" onSubmit={submit} aria-label={t("console.newDraw")}>
      <Field label={t("draw.prize")} value={prize} onChange={setPrize} max={maxPrizeLength} testId="draw-prize" />
      <Field label={t("draw.howMany")} value={winners} onChange={setWinners} testId="draw-winners-input" />
      <div class="field">
        <label for={id}>{t("draw.who")}</label>
        <select
          id={id}
          class="input"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as DrawConditionKind)}
          data-testid="draw-condition"
        >
          {kinds.map((known) => (
            <option key={known} value={known}>
              {t(`draw.kind.${known}`)}
            </option>
          ))}
        </select>
      </div>
      {kind === "password" && (
        <Field
          label={t("draw.phrase")}
          value={phrase}
          onChange={setPhrase}
          max={maxDanmakuLength}
          testId="draw-phrase"
        />
      )}
      {kind === "watched" && (
        <SecondsField
          label={t("draw.watchTime")}
          value={watched}
          onChange={setWatched}
          choices={watchTimes}
          testId="draw-watched"
        />
      )}
      <SecondsField
        label={t("console.lasts")}
        value={seconds}
        onChange={setSeconds}
        choices={[10, 30, 60, 120, 300, 600]}
        testId="draw-seconds"
      />
      <p class="form-error" role="alert">
        {error}
      </p>
      <button type="submit" class="button primary wide" disabled={!fits || busy} data-testid="draw-open">
        {t("console.open")}
      </button>
    </form>
  );
}
