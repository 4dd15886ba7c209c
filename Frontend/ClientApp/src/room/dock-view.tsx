import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { FansCard } from "../audience/fans-card";
import { DealCard } from "../deals/deal-card";
import { inSaleOrder, isBuyable, isOver, phaseOf } from "../deals/deals";
import { myOrders } from "../deals/my-orders";
import { OrderList } from "../deals/order-list";
import { toPay } from "../deals/orders";
import { DrawCard } from "../draws/draw-card";
import { drawCard } from "../draws/draws";
import { countText, text, useTexts } from "../i18n";
import { PollCard } from "../polls/poll-card";
import { pollCard } from "../polls/polls";
import { QuestionsCard } from "../questions/questions-card";
import { BagIcon, BoltIcon, CrownIcon, GiftIcon, MinusIcon, PollIcon, QuestionIcon } from "../shell/icons";
import { clockText, useNow } from "../shell/now";
import { useStore } from "../shell/store";
import type { Deal } from "../wire/deal-types";
import type { Draw, Poll, RoomEvent } from "../wire/types";
import { cardOf, chipsOf, type CardName, type Chip } from "./dock";
import type { RoomSession } from "./room-session";
import type { RoomView, Say } from "./room-view";

const icons: Record<Chip["kind"], () => JSX.Element> = {
  poll: PollIcon,
  draw: GiftIcon,
  deal: BoltIcon,
  orders: BagIcon,
  questions: QuestionIcon,
  fans: CrownIcon,
};

interface DockProps {
  stay: RoomSession;
  view: RoomView;
  userId: string | undefined;
  say: Say;
  wide: boolean;
  card: CardName | null;
  onCard: (card: CardName | null) => void;
}

/** Everything that can be taken part in: a row of chips, and the card of one of them. */
export function Dock({ stay, view, userId, say, wide, card, onCard }: DockProps) {
  const t = useTexts();
  const [, setJoins] = useState(0);
  const [news, setNews] = useState("");
  const orders = useStore(myOrders.orders);
  const running =
    view.polls.some((poll) => !poll.closed) ||
    view.draws.some((draw) => !draw.winnerIds) ||
    view.deals.some((deal) => !isOver(deal)) ||
    toPay(orders, 0).length > 0;
  const now = useNow(stay.clock, running);
  const joined = (drawId: string) => stay.commands.hasEntered(drawId);
  const staff = say !== "none";
  const current = useRef(card);
  current.current = card;
  useEffect(
    () =>
      stay.onCue((cue) => {
        if (cue.kind !== "event") return;
        const said = newsOf(cue.event);
        if (said) setNews(said);
        const next = cardOf(cue.event, joined);
        // Whoever runs the room has it in the console. A card that somebody reads or fills in is not taken away.
        if (staff) return;
        if (next !== null && (current.current === null || current.current === next)) onCard(next);
      }),
    [stay, staff],
  );
  /** Who opens a card with a key goes on in it, and comes back to its chip. What opens by itself leaves focus alone. */
  const [pressed, setPressed] = useState<CardName | null>(null);
  const toggle = (chip: CardName) => {
    setPressed(chip);
    onCard(chip === card ? null : chip);
  };
  const close = () => {
    document.querySelector<HTMLElement>(`[data-card="${card}"]`)?.focus();
    onCard(null);
  };
  useFirstCard(view, userId, wide && !staff, now, onCard);
  if (view.room?.state !== "live") return null;
  return (
    <section class="dock" aria-label={t("dock.label")}>
      <p class="unseen" role="status" aria-live="polite">
        {news}
      </p>
      {card !== null && (
        <Card key={card} card={card} focused={pressed === card} onClose={close} time={timeOf(view, card, now)}>
          {contentOf(card, { stay, view, userId, say, now, joined, onJoined: () => setJoins((n) => n + 1) })}
        </Card>
      )}
      <ul class="chips">
        {chipsOf(view, now, joined, orders, userId).map((chip) => (
          <li key={chip.card}>
            <ChipButton chip={chip} pressed={chip.card === card} onPress={() => toggle(chip.card)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/**
 * Who comes late finds open what still can be bought or voted in, where there is room for it; on a phone a chip calls.
 */
function useFirstCard(
  view: RoomView,
  userId: string | undefined,
  wanted: boolean,
  now: number,
  onCard: (card: CardName) => void,
): void {
  const done = useRef(false);
  useEffect(() => {
    if (view.status !== "here" || done.current) return;
    done.current = true;
    const poll = view.polls.find((other) => pollCard(other, now).phase === "open");
    const deal = inSaleOrder(view.deals, now).find((other) => isBuyable(phaseOf(other, now)));
    if (!wanted || userId === undefined) return;
    if (deal) onCard(`deal:${deal.dealId}`);
    else if (poll) onCard(`poll:${poll.pollId}`);
  }, [view.status]);
}

function newsOf(event: RoomEvent): string | null {
  if (event.kind === "poll_opened") return text("poll.news", { text: (event["poll"] as Poll).question });
  if (event.kind === "draw_opened") return text("draw.news", { text: (event["draw"] as Draw).prize });
  if (event.kind === "draw_result") return text("draw.resultNews");
  const deal = event["deal"] as Deal | undefined;
  if (event.kind === "deal_scheduled" && deal) return text("deal.soonNews", { text: deal.title });
  if (event.kind === "deal_opened" && deal) return text("deal.news", { text: deal.title });
  if (event.kind === "deal_ended" && deal) {
    return text(deal.state === "sold_out" ? "deal.soldOutNews" : "deal.endNews", { text: deal.title });
  }
  return null;
}

function ChipButton({ chip, pressed, onPress }: { chip: Chip; pressed: boolean; onPress: () => void }) {
  const t = useTexts();
  const Icon = icons[chip.kind];
  const detail =
    chip.secondsLeft !== null
      ? clockText(chip.secondsLeft)
      : chip.done
        ? t("dock.result")
        : chip.count > 0
          ? countText(chip.count)
          : "";
  return (
    <button
      type="button"
      class={`chip ${chip.kind}${chip.calls ? " calls" : ""}`}
      aria-expanded={pressed}
      aria-label={[t(`dock.${chip.kind}`), chip.title, detail].filter((word) => word !== "").join(" ")}
      onClick={onPress}
      data-card={chip.card}
      data-testid={`chip-${chip.kind}`}
    >
      <Icon />
      <span class="chip-name">{chip.title || t(`dock.${chip.kind}`)}</span>
      {detail && <span class="chip-detail">{detail}</span>}
    </button>
  );
}

interface CardProps {
  card: CardName;
  /** Whether the focus goes to it. */
  focused: boolean;
  time: string;
  onClose: () => void;
  children: JSX.Element | null;
}

function Card({ card, focused, time, onClose, children }: CardProps) {
  const t = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focused) heading.current?.focus({ preventScroll: true });
  }, []);
  const kind = card.split(":")[0] as Chip["kind"];
  const Icon = icons[kind];
  const keys = (event: KeyboardEvent) => event.key === "Escape" && onClose();
  return (
    <article class={`deck-card ${kind}`} aria-label={t(`dock.${kind}`)} onKeyDown={keys} data-testid="card">
      <header class="deck-card-head">
        <Icon />
        <h2 ref={heading} tabIndex={-1}>
          {t(`dock.${kind}`)}
        </h2>
        {time && (
          <span class="deck-card-time" role="timer" data-testid="card-time">
            {time}
          </span>
        )}
        <button
          type="button"
          class="icon-button"
          aria-label={t("dock.minimise")}
          onClick={onClose}
          data-testid="card-close"
        >
          <MinusIcon />
        </button>
      </header>
      <div class="deck-card-body">{children}</div>
    </article>
  );
}

function timeOf(view: RoomView, card: CardName, now: number): string {
  const id = card.split(":")[1];
  const closesAt =
    view.polls.find((poll) => poll.pollId === id && !poll.closed)?.closesAt ??
    view.draws.find((draw) => draw.drawId === id && !draw.closed)?.closesAt;
  // A deal's card has a countdown of its own, with what it counts down to.
  return closesAt === undefined ? "" : clockText(Math.max(0, Math.ceil((closesAt - now) / 1000)));
}

interface Content {
  stay: RoomSession;
  view: RoomView;
  userId: string | undefined;
  say: Say;
  now: number;
  joined: (drawId: string) => boolean;
  onJoined: () => void;
}

function contentOf(card: CardName, content: Content): JSX.Element | null {
  const { stay, view, userId, say, now } = content;
  const [kind, id] = card.split(":");
  if (kind === "questions") return <QuestionsCard stay={stay} view={view} userId={userId} say={say} />;
  if (kind === "orders") return <OrderList inRoom={stay.roomId} />;
  if (kind === "fans") return <FansCard roomId={stay.roomId} counters={view.counters} userId={userId} />;
  const poll = view.polls.find((other) => kind === "poll" && other.pollId === id);
  if (poll) {
    return <PollCard key={id} stay={stay} poll={poll} state={pollCard(poll, now)} staff={say !== "none"} />;
  }
  const deal = view.deals.find((other) => kind === "deal" && other.dealId === id);
  if (deal) {
    return <DealCard key={id} stay={stay} deal={deal} now={now} hostId={view.room?.hostId ?? ""} userId={userId} />;
  }
  const draw = view.draws.find((other) => kind === "draw" && other.drawId === id);
  if (!draw) return null;
  return (
    <DrawCard
      key={id}
      stay={stay}
      draw={draw}
      state={drawCard(draw, now, content.joined(draw.drawId), userId)}
      hostId={view.room?.hostId ?? ""}
      userId={userId}
      onJoined={content.onJoined}
    />
  );
}
