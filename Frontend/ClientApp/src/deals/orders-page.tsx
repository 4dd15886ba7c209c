import { useEffect } from "preact/hooks";
import { useTexts } from "../i18n";
import { Empty } from "../shell/form-parts";
import { BagIcon } from "../shell/icons";
import { usePage } from "../shell/page";
import { requireSession } from "../shell/sign-in";
import { useStore } from "../shell/store";
import type { OrderNews } from "../wire/deal-types";
import { Hub } from "../wire/hub";
import { session } from "../wire/session";
import { myOrders, refreshOrders } from "./my-orders";
import { OrderList } from "./order-list";

/** My orders, kept current by a connection of its own: outside of a room there is no other. */
export function OrdersPage() {
  const t = useTexts();
  const heading = usePage(t("order.title"));
  const userId = useStore(session)?.userId;
  useOrderLink(userId);
  return (
    <main id="main" class="orders-page">
      <h1 ref={heading} tabIndex={-1}>
        {t("order.title")}
      </h1>
      {userId === undefined ? (
        <Empty title={t("order.signIn")} art={<BagIcon />}>
          <button type="button" class="button primary" onClick={() => void requireSession()}>
            {t("auth.open")}
          </button>
        </Empty>
      ) : (
        <OrderList key={userId} />
      )}
    </main>
  );
}

function useOrderLink(userId: string | undefined): void {
  useEffect(() => {
    if (userId === undefined) return;
    const hub = new Hub({
      // Whatever was pushed before there was this connection.
      connected: () => void refreshOrders().catch(() => undefined),
      disconnected: () => undefined,
    });
    hub.on("order", (news: OrderNews) => myOrders.pushedNews(news));
    hub.start();
    return () => void hub.stop();
  }, [userId]);
}
