import { useTexts } from "../i18n";
import { Dialog } from "./dialog";
import { FormError } from "./form-parts";
import { useWork } from "./work";

interface ConfirmDialogProps {
  title: string;
  text: string;
  /** On the button that does it. */
  label: string;
  /** On the button that leaves it as it is; absent: "cancel". */
  keep?: string;
  look?: "primary" | "danger";
  testId: string;
  onConfirm: () => Promise<unknown>;
  /** It was done. */
  onDone: () => void;
  onClose: () => void;
}

/** Asks once more before something that is for good. What goes wrong is said, and it can be tried again. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const t = useTexts();
  const { busy, error, run } = useWork();
  const confirm = async () => {
    if (await run(props.onConfirm)) props.onDone();
  };
  return (
    <Dialog title={props.title} text={props.text} onClose={props.onClose}>
      <FormError text={error} />
      <div class="dialog-actions">
        <button type="button" class="button quiet" data-first onClick={props.onClose}>
          {props.keep ?? t("app.cancel")}
        </button>
        <button
          type="button"
          class={`button ${props.look ?? "primary"}`}
          disabled={busy}
          onClick={() => void confirm()}
          data-testid={props.testId}
        >
          {props.label}
        </button>
      </div>
    </Dialog>
  );
}
