import { useEffect, useMemo, useState } from "preact/hooks";
import { countText, text, useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import { HeartIcon, PinIcon } from "../shell/icons";
import { NotFound } from "../shell/not-found";
import { usePage } from "../shell/page";
import { Link } from "../shell/router";
import { requireSession } from "../shell/sign-in";
import { useStore } from "../shell/store";
import { toast } from "../shell/toast";
import { api } from "../wire/api";
import { codeOf } from "../wire/problem";
import { session } from "../wire/session";
import type { Room } from "../wire/types";
import { Chat } from "./chat";
import { Composer } from "./composer";
import { HostTools } from "./host-tools";
import { RoomBar } from "./room-bar";
import { RoomSession, type RoomView } from "./room-session";
import { Stage } from "./stage";

const wideQuery = "(min-width: 60rem)";

export function RoomPage({ roomId }: { roomId: string }) {
  const stay = useStay(roomId);
  const view = useStore(stay.view);
  const userId = useStore(session)?.userId;
  const wide = useWide();
  const [flying, setFlying] = useState(true);
  const [tools, setTools] = useState(false);
  const heading = usePage(view.room?.title ?? "");
  const link = useStore(stay.link);
  const live = view.room?.state === "live";
  if (view.status === "missing") return <NotFound />;
  return (
    <main id="main" class={`room${wide ? " wide" : ""}`}>
      <section class="stage-area">
        <Stage stay={stay} room={view.room} flying={flying} />
        <RoomBar
          room={view.room}
          counters={view.counters}
          link={link}
          userId={userId}
          flying={flying}
          onFlying={setFlying}
          onTools={() => setTools(true)}
          heading={heading}
        />
        {view.pinned && <Pinned text={view.pinned} />}
        <Curtain view={view} hosting={view.room !== null && view.room.hostId === userId} />
      </section>
      <Chat view={view} userId={userId} wide={wide} />
      <div class="deck">
        <Composer stay={stay} signedIn={userId !== undefined} open={live || view.room === null} />
        <LikeButton stay={stay} likes={view.counters.likes} open={live && userId !== undefined} />
      </div>
      {tools && view.room && <HostTools roomId={roomId} settings={view.settings} onClose={() => setTools(false)} />}
    </main>
  );
}

/**
 * One stay per room: it begins when the page opens and ends when it is left. Whoever is not signed in is asked for a
 * nickname.
 */
function useStay(roomId: string): RoomSession {
  const stay = useMemo(() => new RoomSession(roomId), [roomId]);
  useEffect(() => {
    let gone = false;
    const found = (room: Room) => {
      if (gone) return;
      stay.preview(room);
      void requireSession();
    };
    const failed = (problem: unknown) => {
      if (gone) return;
      // A room that is not there asks nobody for a name.
      if (codeOf(problem) === "not_found" || codeOf(problem) === "invalid") stay.missing();
      else void requireSession();
    };
    api.room(roomId).then(found, failed);
    stay.start();
    return () => {
      gone = true;
      void stay.leave();
    };
  }, [stay]);
  return stay;
}

function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia(wideQuery).matches);
  useEffect(() => {
    const query = matchMedia(wideQuery);
    const follow = () => setWide(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);
  return wide;
}

function Pinned({ text: pinned }: { text: string }) {
  const t = useTexts();
  return (
    <p class="pinned">
      <PinIcon />
      <span class="unseen">{t("room.pinned")}</span>
      {pinned}
    </p>
  );
}

/** What is over the stage when nothing is live on it. */
function Curtain({ view, hosting }: { view: RoomView; hosting: boolean }) {
  const t = useTexts();
  const { room, counters } = view;
  if (!room || room.state === "live") return null;
  const start = () => api.startRoom(room.roomId).catch((problem: unknown) => toast(text(errorKey(codeOf(problem)))));
  if (room.state === "scheduled") {
    return (
      <div class="curtain" role="status">
        <h2>{t("room.scheduled")}</h2>
        <p>{t("room.scheduledText")}</p>
        {hosting && (
          <button type="button" class="button primary" onClick={() => void start()}>
            {t("room.startNow")}
          </button>
        )}
      </div>
    );
  }
  const numbers = {
    likes: countText(counters.likes),
    danmaku: countText(counters.danmaku),
    peak: countText(counters.peakViewers),
  };
  return (
    <div class="curtain" role="status" data-testid="room-ended">
      <h2>{t("room.ended")}</h2>
      <p>{t("room.endedText", numbers)}</p>
      <Link to="/" class="button primary">
        {t("app.back")}
      </Link>
    </div>
  );
}

function LikeButton({ stay, likes, open }: { stay: RoomSession; likes: number; open: boolean }) {
  const t = useTexts();
  const [beat, setBeat] = useState(0);
  const tap = () => {
    if (stay.like()) setBeat(beat + 1);
  };
  return (
    <button
      type="button"
      class="like"
      disabled={!open}
      aria-label={t("room.likeHint", { n: countText(likes) })}
      onClick={tap}
      data-testid="like-button"
    >
      <span class={beat > 0 ? `like-face beat-${beat % 2}` : "like-face"}>
        <HeartIcon fill />
      </span>
    </button>
  );
}
