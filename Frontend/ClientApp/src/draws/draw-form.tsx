import { useMemo, useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { lengthOf, maxPrizeLength, newKey } from "../room/text";
import { Field } from "../shell/field";
import { FormEnd } from "../shell/form-parts";
import { SecondsField } from "../shell/seconds-field";
import { useWork } from "../shell/work";
import { hostApi } from "../wire/room-api";
import { conditionFits, conditionOf, noCondition } from "./condition-draft";
import { ConditionField } from "./condition-field";

/** The most winners the server draws at once. */
const mostWinners = 1_000;

export function DrawForm({ roomId, onDone }: { roomId: string; onDone: () => void }) {
  const t = useTexts();
  const [prize, setPrize] = useState("");
  const [winners, setWinners] = useState("1");
  const [condition, setCondition] = useState(noCondition);
  const [seconds, setSeconds] = useState(60);
  const { busy, error, run } = useWork();
  const count = /^\d+$/.test(winners) ? Number(winners) : 0;
  const draw = { prize: prize.trim(), winners: count, seconds, condition: conditionOf(condition) };
  const key = useMemo(newKey, [JSON.stringify(draw)]);
  const fits =
    lengthOf(prize) > 0 &&
    lengthOf(prize) <= maxPrizeLength &&
    count >= 1 &&
    count <= mostWinners &&
    conditionFits(condition);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (fits && !busy && (await run(() => hostApi.openDraw(roomId, { ...draw, key })))) onDone();
  };
  return (
    <form class="form sub-form" onSubmit={submit} aria-label={t("console.newDraw")}>
      <Field label={t("draw.prize")} value={prize} onChange={setPrize} max={maxPrizeLength} testId="draw-prize" />
      <Field label={t("draw.howMany")} value={winners} onChange={setWinners} testId="draw-winners-input" />
      <ConditionField label={t("draw.who")} draft={condition} onChange={setCondition} name="draw" />
      <SecondsField
        label={t("console.lasts")}
        value={seconds}
        onChange={setSeconds}
        choices={[10, 30, 60, 120, 300, 600]}
        testId="draw-seconds"
      />
      <FormEnd error={error} label={t("console.open")} disabled={!fits || busy} testId="draw-open" />
    </form>
  );
}
