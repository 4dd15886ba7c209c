import { useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { lengthOf, maxPinLength } from "../room/text";
import { Field } from "../shell/field";
import { FormError } from "../shell/form-parts";
import { useWork } from "../shell/work";
import { hostApi } from "../wire/room-api";
import type { RoomPin } from "../wire/types";

interface PinFormProps {
  roomId: string;
  pinned: RoomPin | null;
  onDone: () => void;
}

/** Pins a text. Polls and questions are pinned where they are listed. */
export function PinForm({ roomId, pinned, onDone }: PinFormProps) {
  const t = useTexts();
  const [value, setValue] = useState(pinned?.text ?? "");
  const { busy, error, run } = useWork();
  const length = lengthOf(value);
  const fits = length > 0 && length <= maxPinLength;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (fits && !busy && (await run(() => hostApi.pin(roomId, { text: value.trim() })))) onDone();
  };
  const remove = async () => {
    if (await run(() => hostApi.unpin(roomId))) onDone();
  };
  return (
    <form class="form sub-form" onSubmit={submit} aria-label={t("console.newPin")}>
      <Field label={t("pin.text")} value={value} onChange={setValue} max={maxPinLength} rows={2} testId="pin-text" />
      <FormError text={error} />
      <div class="form-buttons">
        {pinned && (
          <button type="button" class="button quiet" disabled={busy} onClick={() => void remove()} data-testid="unpin">
            {t("pin.remove")}
          </button>
        )}
        <button type="submit" class="button primary" disabled={!fits || busy} data-testid="pin-save">
          {t("pin.pin")}
        </button>
      </div>
    </form>
  );
}
