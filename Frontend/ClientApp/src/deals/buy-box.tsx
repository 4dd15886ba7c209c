import { useEffect, useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import type { MessageKey } from "../i18n/messages";
import type { RoomSession } from "../room/room-session";
import { NoteLine, noteOf, type Note } from "../room/say-note";
import { clockText } from "../shell/now";
import { requireSession } from "../shell/sign-in";
import { Store, useStore } from "../shell/store";
import { api } from "../wire/api";
import type { Deal, Order } from "../wire/deal-types";
import { isUnderWay, type BuyState } from "./buyer";
import { buyText } from "./buy-text";
import { isBuyable, type DealCardState } from "./deals";
import { times } from "./money";
import { priceText } from "./price";
import { Stepper } from "./stepper";

interface BuyBoxProps {
  stay: RoomSession;
  deal: Deal;
  state: DealCardState;
  /** Own orders that the card shows. */
  mine: readonly Order[];
  hostId: string;
}

const noStates = new Store<ReadonlyMap<string, BuyState>>(new Map());
/** Said to be too fast without a word for how long. */
const usualWaitMs = 1_000;

/** How many, the button, and the honest word about the last press. */
export function BuyBox({ stay, deal, state, mine, hostId }: BuyBoxProps) {
  const buyer = useStore(stay.buyer);
  const last = useStore(buyer?.states ?? noStates).get(deal.dealId);
  const [wanted, setWanted] = useState(1);
  const [before, setBefore] = useState<Note | "busy" | null>(null);
  const waits = useWait(last);
  const quantity = Math.max(1, Math.min(wanted, state.mayBuy));
  const busy = before === "busy" || isUnderWay(last);
  const press = async () => {
    if (busy || waits || !(await requireSession())) return;
    setBefore("busy");
    const refused = await meetCondition(stay, deal, hostId);
    setBefore(refused);
    if (refused === null) await stay.buyer.value?.buy(deal.dealId, quantity);
  };
  // An order that uses up the limit says so itself.
  const done = mine.some((order) => order.status === "waiting") || (mine.length > 0 && state.mayBuy === 0);
  const note = before === "busy" ? null : (before ?? noteOfLast(last, deal));
  // Good news is the order itself, which the card shows and keeps current: here it is only read aloud.
  const shown = last?.phase === "answered" && last.answer.orderId ? "unseen" : "";
  return (
    <div class="buy" data-testid="buy-box" data-state={last?.phase ?? "idle"}>
      {/* Above the button: on a phone the card grows upwards, so that it is in sight and the button stays in place. */}
      <div class={shown}>
        <NoteLine note={note} testId="buy-note" />
      </div>
      {isBuyable(state.phase) && deal.perBuyer > 1 && state.mayBuy > 1 && !done && (
        <Stepper label={text("buy.quantity")} value={quantity} most={state.mayBuy} onChange={setWanted} />
      )}
      {!done && (
        <BuyButton
          deal={deal}
          state={state}
          quantity={quantity}
          kept={mine.length > 0}
          busy={busy || waits}
          press={press}
        />
      )}
    </div>
  );
}

interface BuyButtonProps {
  deal: Deal;
  state: DealCardState;
  quantity: number;
  /** There is an order already. */
  kept: boolean;
  busy: boolean;
  press: () => Promise<void>;
}

function BuyButton({ deal, state, quantity, kept, busy, press }: BuyButtonProps) {
  useTexts();
  const able = isBuyable(state.phase) && state.mayBuy > 0;
  return (
    <button
      type="button"
      class={`button wide buy-button ${kept || !able ? "quiet" : "primary"}`}
      // A button that is only busy keeps the focus of who pressed it with a key.
      disabled={!able}
      aria-disabled={busy}
      onClick={() => void press()}
      data-testid="buy"
    >
      {buttonText(deal, state, quantity, kept)}
    </button>
  );
}

/** What one has to do first is offered as the button itself, where the page can do it. */
const firstTexts: Partial<Record<Deal["condition"]["kind"], MessageKey>> = {
  password: "buy.password",
  followed: "buy.follow",
};

function buttonText(deal: Deal, state: DealCardState, quantity: number, kept: boolean): string {
  if (state.phase === "scheduled") return text("buy.wait", { time: clockText(state.secondsLeft ?? 0) });
  if (state.phase === "soldOut") return text("buy.soldOutButton");
  if (state.phase === "over" || state.phase === "prepared") return text("buy.overButton");
  if (state.mayBuy === 0) return text("buy.limitButton", { n: deal.perBuyer });
  if (state.phase === "line") return text("buy.joinLine");
  if (kept) return text("buy.again");
  const first = firstTexts[deal.condition.kind];
  if (first) return text(first);
  return quantity > 1 ? text("buy.nowTotal", { total: priceText(times(deal.price, quantity)) }) : text("buy.now");
}

/** Does what the condition asks for and the page can do; a note when that was refused. */
async function meetCondition(stay: RoomSession, deal: Deal, hostId: string): Promise<Note | null> {
  const { kind, value } = deal.condition;
  if (kind === "followed") await api.follow(hostId).catch(() => undefined);
  if (kind !== "password") return null;
  const said = await stay.send(String(value ?? ""), "scroll", "#ffffff");
  // Said already is said: whether it counts is the server's to tell.
  return said && (said.status !== "rejected" || said.reason === "duplicate") ? null : noteOf(said);
}

function noteOfLast(last: BuyState | undefined, deal: Deal): Note | null {
  if (!last) return null;
  if (last.phase !== "answered") {
    return { text: text(`buy.${last.phase}`), tone: last.phase === "unsent" ? "bad" : "note" };
  }
  const { key, values, tone } = buyText(last.answer, deal);
  return { text: text(key, values), tone };
}

/** Whether the server has asked to wait a little before the next press. */
function useWait(last: BuyState | undefined): boolean {
  const [until, setUntil] = useState(0);
  const answer = last?.phase === "answered" ? last.answer : null;
  useEffect(() => {
    if (answer?.status !== "rate_limited") return;
    const ms = answer.retryAfterMs ?? usualWaitMs;
    setUntil(Date.now() + ms);
    const timer = setTimeout(() => setUntil(0), ms);
    return () => {
      clearTimeout(timer);
      setUntil(0);
    };
  }, [answer]);
  return until > 0;
}
