import { useTexts } from "../i18n";
import { Dialog } from "../shell/dialog";
import { FormError } from "../shell/form-parts";
import { useWork } from "../shell/work";

interface EndDialogProps {
  onEnd: () => Promise<unknown>;
  onClose: () => void;
  onDone: () => void;
}

/** Ending is for good: it asks once more. */
export function EndDialog({ onEnd, onClose, onDone }: EndDialogProps) {
  const t = useTexts();
  const { busy, error, run } = useWork();
  const end = async () => {
    if (await run(onEnd)) onDone();
  };
  return (
    <Dialog title={t("host.end")} text={t("host.endConfirm")} onClose={onClose}>
      <FormError text={error} />
      <div class="dialog-actions">
        <button type="button" class="button quiet" data-first onClick={onClose}>
          {t("app.cancel")}
        </button>
        <button
          type="button"
          class="button primary"
          disabled={busy}
          onClick={() => void end()}
          data-testid="end-confirm"
        >
          {t("host.end")}
        </button>
      </div>
    </Dialog>
  );
}
