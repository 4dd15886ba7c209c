import { useMemo, useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { lengthOf, maxPollOptionLength, newKey } from "../room/text";
import { Field } from "../shell/field";
import { FormEnd } from "../shell/form-parts";
import { SecondsField } from "../shell/seconds-field";
import { useWork } from "../shell/work";
import { hostApi } from "../wire/room-api";

export function PkForm({ roomId, onDone }: { roomId: string; onDone: () => void }) {
  const t = useTexts();
  const [left, setLeft] = useState("");
  const [right, setRight] = useState("");
  const [seconds, setSeconds] = useState(120);
  const { busy, error, run } = useWork();
  const key = useMemo(newKey, [left, right, seconds]);
  const fits = [left, right].every((name) => lengthOf(name) > 0 && lengthOf(name) <= maxPollOptionLength);
  const submit = async (event: Event) => {
    event.preventDefault();
    const pk = { left: left.trim(), right: right.trim(), seconds, key };
    if (fits && !busy && (await run(() => hostApi.openPk(roomId, pk)))) onDone();
  };
  return (
    <form class="form sub-form" onSubmit={submit} aria-label={t("console.newPk")}>
      <div class="two-fields">
        <Field label={t("pk.left")} value={left} onChange={setLeft} max={maxPollOptionLength} testId="pk-left-name" />
        <Field
          label={t("pk.right")}
          value={right}
          onChange={setRight}
          max={maxPollOptionLength}
          testId="pk-right-name"
        />
      </div>
      <SecondsField label={t("console.lasts")} value={seconds} onChange={setSeconds} testId="pk-seconds" />
      <FormEnd error={error} label={t("console.open")} disabled={!fits || busy} testId="pk-open" />
    </form>
  );
}
