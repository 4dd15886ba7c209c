import { useTexts } from "../i18n";
import { ConfirmDialog } from "../shell/confirm-dialog";

interface EndDialogProps {
  onEnd: () => Promise<unknown>;
  onClose: () => void;
  onDone: () => void;
}

/** Ending a show is for good. */
export function EndDialog({ onEnd, onClose, onDone }: EndDialogProps) {
  const t = useTexts();
  return (
    <ConfirmDialog
      title={t("host.end")}
      text={t("host.endConfirm")}
      label={t("host.end")}
      testId="end-confirm"
      onConfirm={onEnd}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
