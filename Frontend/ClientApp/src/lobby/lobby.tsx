import { useEffect, useState } from "preact/hooks";
import { countText, useTexts } from "../i18n";
import { Avatar } from "../shell/avatar";
import { Empty, Retry } from "../shell/form-parts";
import { BroadcastIcon, EyeIcon, HeartIcon } from "../shell/icons";
import { Link } from "../shell/router";
import { usePage } from "../shell/page";
import { useRefresh } from "../shell/refresh";
import { api } from "../wire/api";
import type { Room } from "../wire/types";
import { Cover, coverRatio } from "./cover";
import { goLive } from "./go-live";
import { dealIntoColumns } from "./waterfall";

/** The hub does not stream the lobby: the list is asked for again this often while somebody looks at it. */
const refreshMs = 8_000;
/** Shows that are over are below the live ones: the last few. */
const shownReplays = 8;
/** Height of a card's text, in widths of a card. */
const captionHeight = 0.42;

export function Lobby() {
  const t = useTexts();
  const heading = usePage(t("lobby.title"));
  const { rooms, ended, failed, reload } = useLiveRooms();
  const count = rooms?.length ?? 0;
  return (
    <main id="main" class="lobby">
      <div class="lobby-head">
        <h1 ref={heading} tabIndex={-1}>
          {t("lobby.title")}
        </h1>
        <p>{count > 0 ? (count === 1 ? t("lobby.countOne") : t("lobby.count", { n: count })) : t("lobby.subtitle")}</p>
      </div>
      {rooms === null && !failed && <Skeletons />}
      {rooms === null && failed && (
        <Retry text={t("lobby.failed")} label={t("app.retry")} onRetry={reload} />
      )}
      {rooms?.length === 0 && (
        <Empty title={t("lobby.emptyTitle")} text={t("lobby.emptyText")} art={<BroadcastIcon />}>
          <button type="button" class="button primary" onClick={() => void goLive()}>
            {t("lobby.emptyAction")}
          </button>
        </Empty>
      )}
      {rooms && rooms.length > 0 && <Wall rooms={rooms} />}
      {ended.length > 0 && (
        <section class="replays" aria-labelledby="replays-title">
          <h2 id="replays-title">{t("lobby.replays")}</h2>
          <Wall rooms={ended} />
        </section>
      )}
    </main>
  );
}

function useLiveRooms() {
  const [rooms, setRooms] = useState<Room[] | null>(null);
  const [ended, setEnded] = useState<Room[]>([]);
  const [failed, setFailed] = useState(false);
  const reload = useRefresh(refreshMs, (gone) => {
    api.liveRooms().then(
      (list) => {
        if (gone()) return;
        setRooms(list);
        setFailed(false);
      },
      () => !gone() && setFailed(true),
    );
    // A show that never began has nothing to be watched again.
    api.endedRooms(shownReplays).then(
      (list) => !gone() && setEnded(list.filter((room) => room.startedAt)),
      () => undefined,
    );
  });
  return { rooms, ended, failed, reload };
}

function useColumns(): number {
  const read = () => (innerWidth >= 1080 ? 4 : innerWidth >= 720 ? 3 : 2);
  const [columns, setColumns] = useState(read);
  useEffect(() => {
    const follow = () => setColumns(read());
    addEventListener("resize", follow);
    return () => removeEventListener("resize", follow);
  }, []);
  return columns;
}

function Wall({ rooms }: { rooms: Room[] }) {
  const columns = dealIntoColumns(rooms, useColumns(), (room) => coverRatio(room.roomId) + captionHeight);
  return (
    <div class="wall" role="list">
      {columns.map((column, index) => (
        <div class="wall-column" role="presentation" key={index}>
          {column.map((room) => (
            <Card room={room} key={room.roomId} />
          ))}
        </div>
      ))}
    </div>
  );
}

function Card({ room }: { room: Room }) {
  const t = useTexts();
  const viewers = countText(room.counters.viewers);
  const likes = countText(room.counters.likes);
  const live = room.state === "live";
  const names = { title: room.title, host: room.hostName, viewers, likes };
  const label = live ? t("lobby.card", names) : t("lobby.replayCard", names);
  return (
    <div class="card-item" role="listitem">
      <Link
        to={`/room/${room.roomId}`}
        class="card"
        aria-label={label}
        data-testid={live ? "room-card" : "replay-card"}
        data-room-id={room.roomId}
      >
        <Cover roomId={room.roomId} cover={room.cover} ratio={coverRatio(room.roomId)} />
        <span class={live ? "live-badge" : "live-badge over"}>{t(live ? "lobby.live" : "lobby.replay")}</span>
        {live && (
          <span class="card-viewers">
            <EyeIcon />
            {viewers}
          </span>
        )}
        <span class="card-text">
          <span class="card-title">{room.title}</span>
          <span class="card-line">
            <Avatar id={room.hostId} name={room.hostName} />
            <span class="card-host">{room.hostName}</span>
            <span class="card-likes">
              <HeartIcon />
              {likes}
            </span>
          </span>
        </span>
      </Link>
    </div>
  );
}

function Skeletons() {
  const t = useTexts();
  const columns = useColumns();
  const shapes = dealIntoColumns(
    [0, 1, 2, 3, 4, 5, 6, 7].map((n) => coverRatio(`skeleton${n}`)),
    columns,
    (ratio) => ratio + captionHeight,
  );
  return (
    <div class="wall" role="status" aria-label={t("app.loading")}>
      {shapes.map((column, index) => (
        <div class="wall-column" key={index}>
          {column.map((ratio, at) => (
            <div class="card skeleton-card" key={at}>
              <div class="cover skeleton" style={{ aspectRatio: String(1 / ratio) }} />
              <div class="card-text">
                <div class="skeleton line" />
                <div class="skeleton line short" />
              </div>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
