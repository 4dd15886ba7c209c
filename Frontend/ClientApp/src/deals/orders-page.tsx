import { useEffect } from "preact/hooks";
import { useTexts } from "../i18n";
import { Empty } from "../shell/form-parts";
import { BagIcon } from "../shell/icons";
import { usePage } from "../shell/page";
import { requireSession } from "../shell/sign-in";
import { useStore } from "../shell/store";
import { session } from "../wire/session";
import { openOrderLink } from "./order-link";
import { OrderList } from "./order-list";

/** My orders, kept current by a connection of its own. */
export function OrdersPage() {
  const t = useTexts();
  const heading = usePage(t("order.title"));
  const userId = useStore(session)?.userId;
  useEffect(() => (userId === undefined ? undefined : openOrderLink()), [userId]);
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
