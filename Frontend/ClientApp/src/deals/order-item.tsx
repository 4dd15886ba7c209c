import { useState } from "preact/hooks";
import { language, useTexts } from "../i18n";
import { clockText, useNow } from "../shell/now";
import { Link } from "../shell/router";
import type { Order } from "../wire/deal-types";
import { serverClock } from "../wire/server-clock";
import { CancelDialog } from "./cancel-dialog";
import { PayDialog } from "./pay-dialog";
import { priceText } from "./price";

interface OrderItemProps {
  order: Order;
  /** Below its deal, which says what it is of. */
  inCard?: boolean;
  /** The room that the page is in, if any: no link leads where one is. */
  roomId?: string;
}

/** One order: what it is of, what has become of it, and what can be done about it. */
export function OrderItem({ order, inCard = false, roomId }: OrderItemProps) {
  const t = useTexts();
  const { status } = order;
  return (
    <article
      class={`order ${status}${inCard ? " in-card" : ""}`}
      aria-label={`${order.title} ${t(`order.status.${status}`)}`}
      data-testid="order"
      data-order={order.orderId}
      data-status={status}
    >
      <div class="order-head">
        <p class="order-title">
          {inCard ? t("order.quantity", { n: order.quantity }) : order.title}
          <span class={`order-status ${status}`}>{t(`order.status.${status}`)}</span>
        </p>
        <p class="order-total">{priceText(order.total)}</p>
      </div>
      {!inCard && (
        <p class="order-facts">
          {t("order.quantity", { n: order.quantity })} · {whenText(order.createdAt)} ·{" "}
          {t("order.number", { id: order.orderId })}
        </p>
      )}
      <OrderState order={order} />
      <Actions order={order} inCard={inCard} roomId={roomId} />
    </article>
  );
}

function OrderState({ order }: { order: Order }) {
  const t = useTexts();
  const runs = order.status === "reserved" && order.payBefore != null;
  const now = useNow(serverClock, runs);
  if (runs) {
    const seconds = Math.max(0, Math.ceil((order.payBefore! - now) / 1_000));
    return (
      <p class={`order-explain${seconds <= 60 ? " soon" : ""}`}>
        <span role="timer" data-testid="pay-time">
          {t("order.payBefore", { time: clockText(seconds) })}
        </span>
      </p>
    );
  }
  if (order.status === "waiting") {
    return (
      <p class="order-explain">
        {order.position != null && (
          <strong class="order-position" data-testid="position" data-value={order.position}>
            {t("order.position", { n: order.position })}
          </strong>
        )}
        {t("order.explain.waiting")}
      </p>
    );
  }
  if (order.status === "reserved") return null;
  return <p class="order-explain">{t(`order.explain.${order.status}`)}</p>;
}

interface ActionsProps {
  order: Order;
  inCard: boolean;
  roomId: string | undefined;
}

function Actions({ order, inCard, roomId }: ActionsProps) {
  const t = useTexts();
  const [open, setOpen] = useState<"pay" | "cancel" | null>(null);
  const { status, title } = order;
  const elsewhere = !inCard && roomId !== order.roomId;
  const undone = status === "reserved" || status === "waiting";
  const close = () => setOpen(null);
  return (
    <>
      {(undone || elsewhere) && (
        <div class="order-actions">
          {elsewhere && (
            <Link to={`/room/${order.roomId}`} class="button quiet small" data-testid="order-room">
              {t("order.room")}
            </Link>
          )}
          {undone && (
            <button
              type="button"
              class="button quiet small"
              aria-label={t("order.cancelIt", { title })}
              onClick={() => setOpen("cancel")}
              data-testid="order-cancel"
            >
              {t(status === "waiting" ? "order.leaveLine" : "order.cancel")}
            </button>
          )}
          {status === "reserved" && (
            <button
              type="button"
              class="button primary small"
              aria-label={t("order.payIt", { title, total: priceText(order.total) })}
              onClick={() => setOpen("pay")}
              data-testid="order-pay"
            >
              {t("order.pay")}
            </button>
          )}
        </div>
      )}
      {open === "pay" && <PayDialog order={order} onClose={close} />}
      {open === "cancel" && <CancelDialog order={order} onClose={close} />}
    </>
  );
}

function whenText(at: number): string {
  const locale = language.value === "zh" ? "zh-CN" : "en";
  return new Date(at).toLocaleString(locale, { dateStyle: "short", timeStyle: "short", hour12: false });
}
