import { useEffect } from "preact/hooks";
import { useTexts } from "../i18n";
import { Empty, FormError, Retry } from "../shell/form-parts";
import { BagIcon } from "../shell/icons";
import { Link } from "../shell/router";
import { useStore } from "../shell/store";
import { useWork } from "../shell/work";
import type { Order } from "../wire/deal-types";
import { myOrders, refreshOrders } from "./my-orders";
import { OrderItem } from "./order-item";
import { isUnfinished } from "./orders";

/** My orders: what is still to be done first, then the newest. In a room's card or on a page of its own. */
export function OrderList({ inRoom }: { inRoom?: string }) {
  const t = useTexts();
  const orders = useStore(myOrders.orders);
  const loaded = useStore(myOrders.loaded);
  const next = useStore(myOrders.next);
  const { busy, error, run } = useWork();
  const load = () => void run(refreshOrders);
  useEffect(load, []);
  if (!loaded && error) return <Retry text={t("order.failed")} label={t("app.retry")} onRetry={load} />;
  if (!loaded && orders.length === 0) return <Skeletons />;
  if (orders.length === 0) return <NoOrders />;
  return (
    <div class="order-list" data-testid="orders">
      {inOrder(orders).map((order) => (
        <OrderItem key={order.orderId} order={order} {...(inRoom === undefined ? {} : { roomId: inRoom })} />
      ))}
      <FormError text={error} />
      {next !== null && (
        <button
          type="button"
          class="button quiet wide"
          disabled={busy}
          onClick={() => void run(() => myOrders.loadMore())}
          data-testid="orders-more"
        >
          {t("app.more")}
        </button>
      )}
    </div>
  );
}

function inOrder(orders: readonly Order[]): readonly Order[] {
  return [...orders.filter(isUnfinished), ...orders.filter((order) => !isUnfinished(order))];
}

function Skeletons() {
  const t = useTexts();
  return (
    <div class="order-list" role="status" aria-label={t("app.loading")}>
      {[0, 1, 2].map((n) => (
        <div class="order" key={n}>
          <div class="skeleton line" />
          <div class="skeleton line short" />
        </div>
      ))}
    </div>
  );
}

function NoOrders() {
  const t = useTexts();
  return (
    <Empty title={t("order.empty")} text={t("order.emptyText")} art={<BagIcon />}>
      <Link to="/deals" class="button primary">
        {t("order.emptyAction")}
      </Link>
    </Empty>
  );
}
