import { text } from "../i18n";
import type { RoomSession } from "../room/room-session";
import { spanText } from "../shell/seconds-field";
import { useStore } from "../shell/store";
import type { Deal } from "../wire/deal-types";
import { BuyBox } from "./buy-box";
import { conditionText } from "./condition-text";
import { dealCard, piecesHeld, type DealCardState } from "./deals";
import { DealHead, DealTime } from "./deal-head";
import { myOrders } from "./my-orders";
import { OrderItem } from "./order-item";
import { ordersForCard } from "./orders";
import { ShareDeal } from "./share-deal";
import { StockBar } from "./stock-bar";

interface DealCardProps {
  stay: RoomSession;
  deal: Deal;
  now: number;
  hostId: string;
  userId: string | undefined;
}

/** A deal over the stage: what it is, how much is left and for how long, and one's own orders of it. */
export function DealCard({ stay, deal, now, hostId, userId }: DealCardProps) {
  const orders = useStore(myOrders.orders);
  const state = dealCard(deal, now, piecesHeld(orders, deal.dealId));
  const mine = userId === undefined ? [] : ordersForCard(orders, deal.dealId);
  return (
    <div class="deal-card" data-testid="deal-card" data-phase={state.phase} data-deal={deal.dealId}>
      <DealHead deal={deal} />
      <DealTime deal={deal} state={state} />
      <StockBar deal={deal} state={state} />
      <Rules deal={deal} state={state} />
      <ShareDeal stay={stay} deal={deal} />
      {mine.map((order) => (
        <OrderItem key={order.orderId} order={order} inCard />
      ))}
      {userId === hostId ? null : <BuyBox stay={stay} deal={deal} state={state} mine={mine} hostId={hostId} />}
    </div>
  );
}

function Rules({ deal, state }: { deal: Deal; state: DealCardState }) {
  const rules = [
    ...(deal.condition.kind === "none" ? [] : [conditionText(deal.condition)]),
    text("deal.perBuyer", { n: deal.perBuyer }),
    text("deal.payWithin", { time: spanText(deal.payWithinSeconds) }),
  ];
  return (
    <>
      <p class="card-facts" data-testid="deal-rules">
        {rules.join(" · ")}
      </p>
      {state.phase === "line" && <p class="deal-line">{text("deal.lineText")}</p>}
    </>
  );
}
