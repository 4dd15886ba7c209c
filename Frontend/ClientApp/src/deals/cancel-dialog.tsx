import { text, useTexts } from "../i18n";
import { ConfirmDialog } from "../shell/confirm-dialog";
import { toast } from "../shell/toast";
import { orderApi } from "../wire/deal-api";
import type { Order } from "../wire/deal-types";
import { myOrders } from "./my-orders";

/** To cancel is for good. Asked again it is the same, so that a lost answer does no harm. */
export function CancelDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useTexts();
  const inLine = order.status === "waiting";
  const label = t(inLine ? "order.leaveLine" : "order.cancel");
  const done = () => {
    toast(text("order.cancelled"));
    onClose();
  };
  return (
    <ConfirmDialog
      title={label}
      text={t(inLine ? "order.leaveText" : "order.cancelText")}
      label={label}
      keep={t("order.keep")}
      look="danger"
      testId="cancel-confirm"
      onConfirm={() => myOrders.after(() => orderApi.cancel(order.orderId))}
      onDone={done}
      onClose={onClose}
    />
  );
}
