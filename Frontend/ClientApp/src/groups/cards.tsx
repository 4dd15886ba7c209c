import { useEffect, useState } from "preact/hooks";
import { countText, useTexts } from "../i18n";
import { DealTime } from "../deals/deal-head";
import { dealCard } from "../deals/deals";
import { Price } from "../deals/price";
import { StockBar } from "../deals/stock-bar";
import { Cover } from "../lobby/cover";
import { Ballot, Bars, PollHead } from "../polls/poll-card";
import { pollCard } from "../polls/polls";
import { NoteLine, useVerdict } from "../room/say-note";
import { EyeIcon } from "../shell/icons";
import { useNow } from "../shell/now";
import { useRefresh } from "../shell/refresh";
import { Link } from "../shell/router";
import { api } from "../wire/api";
import { dealApi } from "../wire/deal-api";
import type { Deal } from "../wire/deal-types";
import type { Card } from "../wire/group-types";
import { serverClock } from "../wire/server-clock";
import type { Poll, Room } from "../wire/types";
import type { ChatView } from "./chat-view";
import { Gone } from "./gone";
import type { GroupsSession } from "./groups-session";
import { NoteCard } from "./note-card";

/** What no hub streams here is asked for this often while somebody looks at it. */
const refreshMs = 10_000;

interface CardViewProps {
  talk: GroupsSession;
  view: ChatView;
  card: Card;
}

/** What a message shows, as it is now. */
export function CardView({ talk, view, card }: CardViewProps) {
  switch (card.kind) {
    case "room":
      return <RoomCard roomId={card.id} />;
    case "deal":
      return <ChatDealCard dealId={card.id} />;
    case "poll":
      return <ChatPollCard talk={talk} poll={view.polls.get(card.id)} pollId={card.id} />;
    case "note":
      return <NoteCard notes={talk.notes} noteId={card.id} />;
  }
}

/** Something that is asked for now and then; undefined: not yet, null: it is not there. */
function useLive<T>(load: () => Promise<T>): T | null | undefined {
  const [value, setValue] = useState<T | null | undefined>(undefined);
  useRefresh(refreshMs, (gone) => {
    load().then(
      (now) => !gone() && setValue(now),
      () => !gone() && setValue((before) => before ?? null),
    );
  });
  return value;
}

function RoomCard({ roomId }: { roomId: string }) {
  const t = useTexts();
  const room = useLive<Room>(() => api.room(roomId));
  if (room === undefined) return <span class="chat-card skeleton" />;
  if (room === null) return <Gone />;
  const live = room.state === "live";
  return (
    <Link to={`/room/${roomId}`} class="chat-card room-card" data-testid="chat-room-card" data-room-id={roomId}>
      <Cover roomId={roomId} cover={room.cover} ratio={0.5} />
      <span class={live ? "live-badge" : "live-badge over"}>{t(live ? "lobby.live" : "lobby.replay")}</span>
      <span class="chat-card-words">
        <b>{room.title}</b>
        <span>
          {room.hostName}
          {live && (
            <>
              {" · "}
              <EyeIcon /> {countText(room.counters.viewers)}
            </>
          )}
        </span>
      </span>
    </Link>
  );
}

function ChatDealCard({ dealId }: { dealId: string }) {
  const deal = useLive<Deal>(() => dealApi.one(dealId));
  const now = useNow(serverClock, deal != null);
  if (deal === undefined) return <span class="chat-card skeleton" />;
  if (deal === null) return <Gone />;
  const state = dealCard(deal, now, 0);
  return (
    <Link to={`/room/${deal.roomId}`} class="chat-card deal" data-testid="chat-deal-card" data-deal={dealId}>
      <b>{deal.title}</b>
      <Price price={deal.price} listPrice={deal.listPrice} />
      <DealTime deal={deal} state={state} />
      <StockBar deal={deal} state={state} />
    </Link>
  );
}

function ChatPollCard({ talk, poll, pollId }: { talk: GroupsSession; poll: Poll | undefined; pollId: string }) {
  const t = useTexts();
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!poll) void talk.fetchPoll(pollId).finally(() => setAsked(true));
  }, [pollId, poll === undefined]);
  const now = useNow(serverClock, poll !== undefined && !poll.closed, 1_000);
  const { busy, note, send } = useVerdict();
  if (!poll) return asked ? <Gone /> : <span class="chat-card skeleton" />;
  const state = pollCard(poll, now);
  const open = state.phase === "open";
  return (
    <div class="chat-card poll" data-testid="poll-card" data-phase={state.phase}>
      <PollHead poll={poll} />
      {open && (
        <Ballot
          poll={poll}
          busy={busy}
          onVote={async (choices) => {
            await send(() => talk.vote(pollId, choices));
          }}
        />
      )}
      {!open && <Bars bars={state.bars} />}
      {state.phase === "closed" && <p class="card-facts">{t("poll.final")}</p>}
      {note && note.tone !== "good" && <NoteLine note={note} testId="poll-note" />}
    </div>
  );
}
