import { useEffect } from "preact/hooks";
import { followOrders, myOrders } from "../deals/my-orders";
import { isUnfinished, toPay } from "../deals/orders";
import { Bell } from "../groups/bell";
import { switchLanguage, useTexts } from "../i18n";
import { goLive } from "../lobby/go-live";
import { serverClock } from "../wire/server-clock";
import { session } from "../wire/session";
import { Avatar } from "./avatar";
import { BagIcon, BoltIcon, BroadcastIcon, BubbleIcon } from "./icons";
import { useNow } from "./now";
import { Link, route } from "./router";
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
          {current && (
            <Link to="/groups" class="icon-button" aria-label={t("groups.title")} data-testid="nav-groups">
              <BubbleIcon />
            </Link>
          )}
          {current && <Bell key={current.userId} />}
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
  useLinkWhileUnfinished(orders.some(isUnfinished));
  const now = useNow(serverClock, toPay(orders, 0).length > 0, 1_000);
  const due = toPay(orders, now).length;
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

/**
 * Who waits in a line, or has to pay, is told also in the lobby. The hub's client is fetched for those only; the page
 * of orders has a link of its own.
 */
function useLinkWhileUnfinished(unfinished: boolean): void {
  const wanted = useStore(route).page !== "orders" && unfinished;
  useEffect(() => {
    if (!wanted) return;
    let close: (() => void) | null = null;
    let gone = false;
    import("../deals/order-link").then(
      (module) => {
        if (!gone) close = module.openOrderLink();
      },
      // Out of reach: the next page or visit tries again.
      () => undefined,
    );
    return () => {
      gone = true;
      close?.();
    };
  }, [wanted]);
}
