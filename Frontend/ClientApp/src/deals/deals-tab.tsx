import { useEffect, useState } from "preact/hooks";
import { countText, useTexts } from "../i18n";
import type { MessageKey } from "../i18n/messages";
import type { RoomSession } from "../room/room-session";
import type { RoomView } from "../room/room-view";
import { ConfirmDialog } from "../shell/confirm-dialog";
import { Empty, FormError } from "../shell/form-parts";
import { BoltIcon } from "../shell/icons";
import { useNow } from "../shell/now";
import { useWork } from "../shell/work";
import { dealApi } from "../wire/deal-api";
import type { Deal } from "../wire/deal-types";
import { hostApi } from "../wire/room-api";
import { DealBoardView } from "./deal-board";
import { DealForm } from "./deal-form";
import { DealTime } from "./deal-head";
import { dealCard, inSaleOrder, isOver, phaseOf, withDeals, type DealPhase } from "./deals";
import { Price, priceText } from "./price";
import { StockBar } from "./stock-bar";

interface DealsTabProps {
  stay: RoomSession;
  view: RoomView;
}

/** The host's shop: makes deals, begins and ends them, and shows how they go. */
export function DealsTab({ stay, view }: DealsTabProps) {
  const t = useTexts();
  const [making, setMaking] = useState(false);
  const { deals, error, add } = useHostDeals(stay.roomId, view.deals);
  const now = useNow(stay.clock, deals.some((deal) => !isOver(deal)), 1_000);
  const made = (deal: Deal) => {
    add(deal);
    setMaking(false);
  };
  const groups: readonly { title: MessageKey; phases: readonly DealPhase[] }[] = [
    { title: "host.dealsRunning", phases: ["open", "line"] },
    { title: "host.dealsSoon", phases: ["scheduled"] },
    { title: "host.dealsPrepared", phases: ["prepared"] },
    { title: "host.dealsOver", phases: ["soldOut", "over"] },
  ];
  return (
    <div class="console-stack" data-testid="deals-tab">
      <Totals view={view} />
      <button
        type="button"
        class="starter"
        aria-expanded={making}
        onClick={() => setMaking(!making)}
        data-testid="new-deal"
      >
        {t("host.newDeal")}
      </button>
      {making && <DealForm roomId={stay.roomId} onMade={made} />}
      <FormError text={error} />
      {deals.length === 0 && !making && <Empty title={t("host.dealsEmpty")} art={<BoltIcon />} />}
      {groups.map(({ title, phases }) => (
        <Group
          key={title}
          title={t(title)}
          deals={inSaleOrder(deals, now).filter((deal) => phases.includes(phaseOf(deal, now)))}
          now={now}
          onChanged={add}
        />
      ))}
    </div>
  );
}

/** Deals that frames bring, and those only their host knows of: asked for once, then kept by what is done here. */
function useHostDeals(roomId: string, live: readonly Deal[]) {
  const [own, setOwn] = useState<readonly Deal[]>([]);
  const { error, run } = useWork();
  const add = (deal: Deal) => setOwn((known) => withDeals(known, [deal]));
  useEffect(() => {
    void run(async () => {
      const all = await dealApi.ofRoom(roomId);
      setOwn((known) => withDeals(all, known));
    });
  }, [roomId]);
  // What the frames say is newer than what was answered, but for a deal that an answer has taken further.
  return { deals: withDeals(own, live), error, add };
}

function Totals({ view }: { view: RoomView }) {
  const t = useTexts();
  const { orders, sales } = view.counters;
  if (orders === undefined) return null;
  return (
    <dl class="fan-numbers deal-totals">
      <div>
        <dt>{t("host.orders")}</dt>
        <dd data-testid="room-orders" data-value={orders}>
          {countText(orders)}
        </dd>
      </div>
      <div>
        <dt>{t("host.sales")}</dt>
        <dd data-testid="room-sales">{sales ? priceText(sales) : "–"}</dd>
      </div>
    </dl>
  );
}

interface GroupProps {
  title: string;
  deals: readonly Deal[];
  now: number;
  onChanged: (deal: Deal) => void;
}

function Group({ title, deals, now, onChanged }: GroupProps) {
  if (deals.length === 0) return null;
  return (
    <>
      <h3 class="card-heading">{title}</h3>
      {deals.map((deal, index) => (
        <HostDeal key={deal.dealId} deal={deal} now={now} first={index === 0} onChanged={onChanged} />
      ))}
    </>
  );
}

interface HostDealProps {
  deal: Deal;
  now: number;
  /** Of those that run: its board is open without being asked for. */
  first: boolean;
  onChanged: (deal: Deal) => void;
}

function HostDeal({ deal, now, first, onChanged }: HostDealProps) {
  const t = useTexts();
  const { busy, error, run } = useWork();
  const state = dealCard(deal, now, 0);
  const runs = state.phase === "open" || state.phase === "line";
  const [board, setBoard] = useState(first && runs);
  const [ending, setEnding] = useState(false);
  const { roomId, dealId } = deal;
  const begin = () => run(async () => onChanged(await dealApi.begin(roomId, dealId)));
  return (
    <article class="thing host-deal" data-testid="host-deal" data-phase={state.phase} aria-label={deal.title}>
      <div class="thing-head">
        <div>
          <h4>{deal.title}</h4>
          <Price price={deal.price} listPrice={deal.listPrice} />
        </div>
        {(state.phase === "prepared" || state.phase === "scheduled") && (
          <Mini text={t("host.dealBegin")} busy={busy} onPress={begin} testId="deal-begin" />
        )}
        {runs && (
          <Mini
            text={t("pin.pin")}
            busy={busy}
            onPress={() => run(() => hostApi.pin(roomId, { dealId }))}
            testId="pin-it"
          />
        )}
        {!isOver(deal) && (
          <Mini text={t("host.dealEnd")} busy={busy} onPress={() => setEnding(true)} testId="deal-end" />
        )}
      </div>
      <DealTime deal={deal} state={state} />
      {state.phase !== "prepared" && <StockBar deal={deal} state={state} />}
      <FormError text={error} />
      {state.phase !== "prepared" && state.phase !== "scheduled" && (
        <button
          type="button"
          class="link-button"
          aria-expanded={board}
          onClick={() => setBoard(!board)}
          data-testid="board-toggle"
        >
          {t(board ? "board.hide" : "board.show")}
        </button>
      )}
      {board && <DealBoardView deal={deal} />}
      {ending && <EndDeal deal={deal} onChanged={onChanged} onClose={() => setEnding(false)} />}
    </article>
  );
}

interface MiniProps {
  text: string;
  busy: boolean;
  onPress: () => unknown;
  testId: string;
}

function Mini({ text, busy, onPress, testId }: MiniProps) {
  return (
    <button type="button" class="mini-button" disabled={busy} onClick={() => void onPress()} data-testid={testId}>
      {text}
    </button>
  );
}

interface EndDealProps {
  deal: Deal;
  onChanged: (deal: Deal) => void;
  onClose: () => void;
}

/** Ending is for good. */
function EndDeal({ deal, onChanged, onClose }: EndDealProps) {
  const t = useTexts();
  return (
    <ConfirmDialog
      title={`${t("host.dealEnd")} · ${deal.title}`}
      text={t("host.dealEndText")}
      label={t("host.dealEnd")}
      testId="deal-end-confirm"
      onConfirm={async () => onChanged(await dealApi.end(deal.roomId, deal.dealId))}
      onDone={onClose}
      onClose={onClose}
    />
  );
}
