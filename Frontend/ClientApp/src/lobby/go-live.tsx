import { useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { lengthOf, maxTitleLength } from "../room/text";
import { Dialog } from "../shell/dialog";
import { Field } from "../shell/field";
import { FormEnd } from "../shell/form-parts";
import { navigate } from "../shell/router";
import { requireSession } from "../shell/sign-in";
import { Store, useStore } from "../shell/store";
import { useWork } from "../shell/work";
import { api } from "../wire/api";

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
  const { busy, error, run } = useWork();
  // A room that was made but could not be started is started by the next try, instead of making another.
  const [made, setMade] = useState<{ roomId: string; title: string } | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    await run(async () => {
      const wanted = title.trim();
      const room = made?.title === wanted ? made : { ...(await api.createRoom(wanted)), title: wanted };
      setMade(room);
      await api.startRoom(room.roomId);
      onClose();
      navigate(`/room/${room.roomId}`);
    });
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
        <FormEnd
          error={error}
          label={busy ? t("live.starting") : t("live.start")}
          disabled={length === 0 || length > maxTitleLength || busy}
          testId="go-live-submit"
        />
      </form>
    </Dialog>
  );
}
