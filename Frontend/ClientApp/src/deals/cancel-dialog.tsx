import { text, useTexts } from "../i18n";
import { Dialog } from "../shell/dialog";
import { FormError } from "../shell/form-parts";
import { toast } from "../shell/toast";
import { useWork } from "../shell/work";
import { orderApi } from "../wire/deal-api";
import type { Order } from "../wire/deal-types";
import { myOrders } from "./my-orders";

/** To cancel is for good: it asks once more. Asked again it is the same, so that a lost answer does no harm. */
export function CancelDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useTexts();
  const { busy, error, run } = useWork();
  const inLine = order.status === "waiting";
  const cancel = async () => {
    const done = await run(() => myOrders.after(() => orderApi.cancel(order.orderId)));
    if (!done) return;
    toast(text("order.cancelled"));
    onClose();
  };
  return (
    <Dialog
      title={t(inLine ? "order.leaveLine" : "order.cancel")}
      text={t(inLine ? "order.leaveText" : "order.cancelText")}
      onClose={onClose}
    >
      <FormError text={error} />
      <div class="dialog-actions">
        <button type="button" class="button quiet" data-first onClick={onClose}>
          {t("order.keep")}
        </button>
        <button
          type="button"
          class="button danger"
          disabled={busy}
          onClick={() => void cancel()}
          data-testid="cancel-confirm"
        >
          {t(inLine ? "order.leaveLine" : "order.cancel")}
        </button>
      </div>
    </Dialog>
  );
}
