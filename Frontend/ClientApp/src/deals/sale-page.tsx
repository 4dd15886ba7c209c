import { useState } from "preact/hooks";
import { countText, text, useTexts } from "../i18n";
import { Cover } from "../lobby/cover";
import { Avatar } from "../shell/avatar";
import { Empty, Retry } from "../shell/form-parts";
import { BoltIcon, EyeIcon } from "../shell/icons";
import { useNow } from "../shell/now";
import { usePage } from "../shell/page";
import { useRefresh } from "../shell/refresh";
import { Link } from "../shell/router";
import { dealApi } from "../wire/deal-api";
import type { SaleItem } from "../wire/deal-types";
import { serverClock } from "../wire/server-clock";
import { DealTime } from "./deal-head";
import { dealCard, isBuyable, phaseOf } from "./deals";
import { Price, priceText } from "./price";
import { StockBar } from "./stock-bar";

/** The hub streams deals to who is in their room only: the list of all is asked for while somebody looks at it. */
const refreshMs = 10_000;
const limit = 100;

/** All deals of the site that can be bought or will be, each a way into its room. */
export function SalePage() {
  const t = useTexts();
  const heading = usePage(t("deals.title"));
  const { items, failed, reload } = useSale();
  const now = useNow(serverClock, (items?.length ?? 0) > 0);
  const on = (items ?? []).filter(({ deal }) => isBuyable(phaseOf(deal, now)));
  const soon = (items ?? []).filter(({ deal }) => phaseOf(deal, now) === "scheduled");
  return (
    <main id="main" class="lobby sale" data-testid="sale">
      <div class="lobby-head">
        <h1 ref={heading} tabIndex={-1}>
          {t("deals.title")}
        </h1>
        <p>{t("deals.subtitle")}</p>
      </div>
      {items === null && !failed && <Skeletons />}
      {items === null && failed && <Retry text={t("deals.failed")} label={t("app.retry")} onRetry={reload} />}
      {items !== null && on.length + soon.length === 0 && (
        <Empty title={t("deals.empty")} text={t("deals.emptyText")} art={<BoltIcon />}>
          <Link to="/" class="button primary">
            {t("app.back")}
          </Link>
        </Empty>
      )}
      <SaleSection title={t("deals.onNow")} items={on} now={now} />
      <SaleSection title={t("deals.comingUp")} items={soon} now={now} />
    </main>
  );
}

function useSale() {
  const [items, setItems] = useState<readonly SaleItem[] | null>(null);
  const [failed, setFailed] = useState(false);
  const reload = useRefresh(refreshMs, (gone) => {
    dealApi.sale(limit).then(
      (list) => {
        if (gone()) return;
        setItems(list);
        setFailed(false);
      },
      () => !gone() && setFailed(true),
    );
  });
  return { items, failed, reload };
}

function SaleSection({ title, items, now }: { title: string; items: readonly SaleItem[]; now: number }) {
  if (items.length === 0) return null;
  return (
    <section class="sale-section" aria-label={title}>
      <h2>
        {title} <span class="sale-count">{items.length}</span>
      </h2>
      <ul class="sale-grid">
        {items.map((item) => (
          <li key={item.deal.dealId}>
            <SaleCard item={item} now={now} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function SaleCard({ item, now }: { item: SaleItem; now: number }) {
  const t = useTexts();
  const { deal, room } = item;
  const state = dealCard(deal, now, 0);
  const roomTitle = room?.title ?? t("deals.roomGone");
  const phase = t(`deal.phase.${state.phase}`);
  const names = { title: deal.title, price: priceText(deal.price), phase, room: roomTitle };
  return (
    <Link
      to={`/room/${deal.roomId}`}
      class="card sale-card"
      aria-label={t("deals.card", names)}
      data-testid="sale-card"
      data-room-id={deal.roomId}
    >
      <div class="sale-cover">
        <Cover roomId={deal.roomId} cover={room?.cover ?? null} ratio={0.42} />
        {room?.state === "live" && <span class="live-badge">{t("lobby.live")}</span>}
        {room && (
          <span class="card-viewers">
            <EyeIcon />
            {countText(room.viewers)}
          </span>
        )}
      </div>
      <div class="sale-words">
        <span class="card-title">{deal.title}</span>
        <Price price={deal.price} listPrice={deal.listPrice} />
        <DealTime deal={deal} state={state} />
        <StockBar deal={deal} state={state} />
        <span class="card-line">
          {room && <Avatar id={room.hostId} name={room.hostName} />}
          <span class="card-host">{roomTitle}</span>
          <span class="sale-go">{text("deals.toRoom")}</span>
        </span>
      </div>
    </Link>
  );
}

function Skeletons() {
  const t = useTexts();
  return (
    <div class="sale-grid" role="status" aria-label={t("app.loading")}>
      {[0, 1, 2, 3].map((n) => (
        <div class="card" key={n}>
          <div class="skeleton sale-skeleton" />
          <div class="sale-words">
            <div class="skeleton line" />
            <div class="skeleton line short" />
          </div>
        </div>
      ))}
    </div>
  );
}
