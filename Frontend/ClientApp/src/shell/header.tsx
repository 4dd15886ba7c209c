import { useEffect } from "preact/hooks";
import { switchLanguage, useTexts } from "../i18n";
import { session } from "../wire/session";
import { followOrders, myOrders } from "../deals/my-orders";
import { toPay } from "../deals/orders";
import { goLive } from "../lobby/go-live";
import { serverClock } from "../wire/server-clock";
import { Avatar } from "./avatar";
import { BagIcon, BoltIcon, BroadcastIcon } from "./icons";
import { Link } from "./router";
import { requireSession } from "./sign-in";
import { useStore } from "./store";

export function Header() {
  const t = useTexts();
  const current = useStore(session);
  return (
    <header class="top">
      <div class="top-inner">
        <Link to="/" class="brand" aria-label={`${t("app.name")} · ${t("app.home")}`}>
          <span class="brand-mark" aria-hidden="true">
            红
          </span>
          <span class="brand-name">{t("app.name")}</span>
        </Link>
        <div class="top-actions">
          <button
            type="button"
            class="icon-button text"
            aria-label={t("app.language")}
            onClick={switchLanguage}
            data-testid="language"
          >
            {t("app.languageShort")}
          </button>
          <Link to="/deals" class="icon-button" aria-label={t("deals.title")} data-testid="nav-deals">
            <BoltIcon />
          </Link>
          {current && <OrdersLink />}
          {current ? (
            <Link to="/me" class="me-link" aria-label={t("auth.account")} data-testid="account">
              <Avatar id={current.userId} name={current.name} />
              <span class="me-name">{current.name}</span>
            </Link>
          ) : (
            <button type="button" class="button quiet" onClick={() => void requireSession()} data-testid="sign-in">
              {t("auth.open")}
            </button>
          )}
          <button type="button" class="button primary go-live" onClick={() => void goLive()} data-testid="go-live">
            <BroadcastIcon />
            {t("lobby.goLive")}
          </button>
        </div>
      </div>
    </header>
  );
}

/** The way to one's orders, with how many wait to be paid. */
function OrdersLink() {
  const t = useTexts();
  const orders = useStore(myOrders.orders);
  useEffect(followOrders, []);
  const due = toPay(orders, serverClock.now()).length;
  return (
    <Link
      to="/orders"
      class="icon-button"
      aria-label={due > 0 ? t("order.titleToPay", { n: due }) : t("order.title")}
      data-testid="nav-orders"
    >
      <BagIcon />
      {due > 0 && (
        <span class="badge corner" aria-hidden="true" data-testid="orders-badge">
          {due}
        </span>
      )}
    </Link>
  );
}
