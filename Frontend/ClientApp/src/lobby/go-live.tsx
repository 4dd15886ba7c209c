import { useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import { lengthOf, maxTitleLength } from "../room/text";
import { Dialog } from "../shell/dialog";
import { Field } from "../shell/field";
import { navigate } from "../shell/router";
import { requireSession } from "../shell/sign-in";
import { Store, useStore } from "../shell/store";
import { api } from "../wire/api";
import { codeOf } from "../wire/problem";

const open = new Store(false);

/** Asks who and what, makes a room, starts it and takes the host there. */
export async function goLive(): Promise<void> {
  if (await requireSession()) open.set(true);
}

export function GoLivePrompt() {
  return useStore(open) && <GoLiveDialog onClose={() => open.set(false)} />;
}

function GoLiveDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  const [title, setTitle] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  // A room that was made but could not be started is started by the next try, instead of making another.
  const [made, setMade] = useState<{ roomId: string; title: string } | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError("");
    try {
      const wanted = title.trim();
      const room = made?.title === wanted ? made : { ...(await api.createRoom(wanted)), title: wanted };
      setMade(room);
      await api.startRoom(room.roomId);
      onClose();
      navigate(`/room/${room.roomId}`);
    } catch (problem) {
      setError(text(errorKey(codeOf(problem))));
      setBusy(false);
    }
  };
  const length = lengthOf(title);
  return (
    <Dialog title={t("live.dialogTitle")} text={t("live.dialogText")} onClose={onClose}>
      <form class="form" onSubmit={submit}>
        <Field
          label={t("live.titleLabel")}
          value={title}
          onChange={setTitle}
          max={maxTitleLength}
          first
          placeholder={t("live.titlePlaceholder")}
          testId="room-title-input"
        />
        <p class="form-error" role="alert">
          {error}
        </p>
        <button
          type="submit"
          class="button primary wide"
          disabled={length === 0 || length > maxTitleLength || busy}
          data-testid="go-live-submit"
        >
          {busy ? t("live.starting") : t("live.start")}
        </button>
      </form>
    </Dialog>
  );
}
