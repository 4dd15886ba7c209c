import { useEffect, useMemo, useState } from "preact/hooks";
import { OrderNewsLine } from "../deals/order-news-line";
import { Console } from "../host/console";
import { useReview } from "../host/review-tab";
import { RoomSeries } from "../host/series";
import { countText, text, useTexts } from "../i18n";
import { Pinned } from "../pins/pinned";
import { PkBar } from "../polls/pk-bar";
import { ReplayRoom } from "../replay/replay-room";
import { HeartIcon } from "../shell/icons";
import { NotFound } from "../shell/not-found";
import { usePage } from "../shell/page";
import { requireSession } from "../shell/sign-in";
import { useStore } from "../shell/store";
import { toast } from "../shell/toast";
import { api } from "../wire/api";
import { codeOf } from "../wire/problem";
import { session } from "../wire/session";
import type { Room } from "../wire/types";
import { Chat } from "./chat";
import { Composer } from "./composer";
import { Curtain } from "./curtain";
import type { CardName } from "./dock";
import { Dock } from "./dock-view";
import { FlySettings } from "./fly-settings";
import { RoomBar } from "./room-bar";
import { RoomSession } from "./room-session";
import { sayOf, type RoomView, type Say } from "./room-view";
import { Stage } from "./stage";

const wideQuery = "(min-width: 60rem)";

export function RoomPage({ roomId }: { roomId: string }) {
  const stay = useStay(roomId);
  const view = useStore(stay.view);
  const wide = useWide();
  const [replaying, setReplaying] = useState(false);
  const heading = usePage(view.room?.title ?? "");
  if (view.status === "missing") return <NotFound />;
  if (replaying && view.room) return <ReplayRoom room={view.room} wide={wide} onClose={() => setReplaying(false)} />;
  return <LiveRoom stay={stay} view={view} wide={wide} heading={heading} onReplay={() => setReplaying(true)} />;
}

interface LiveRoomProps {
  stay: RoomSession;
  view: RoomView;
  wide: boolean;
  heading: ReturnType<typeof usePage>;
  onReplay: () => void;
}

type Open = "console" | "fly" | null;

function LiveRoom({ stay, view, wide, heading, onReplay }: LiveRoomProps) {
  const userId = useStore(session)?.userId;
  const link = useStore(stay.link);
  const [open, setOpen] = useState<Open>(null);
  const [card, setCard] = useState<CardName | null>(null);
  const say = sayOf(view, userId);
  const series = useSeries(stay, say);
  useMilestones(stay);
  const live = view.room?.state === "live";
  const review = useReview(stay.roomId, say !== "none" && live && (open === "console" || view.settings.hold !== "off"));
  const closeConsole = () => {
    setOpen(null);
    document.getElementById("console-button")?.focus();
  };
  const running = open === "console" && say !== "none" && view.room?.state !== "ended";
  return (
    <main id="main" class={`room${wide ? " wide" : ""}${running ? " with-console" : ""}`}>
      <section class="stage-area">
        <Stage source={stay} room={view.room} lit={live || view.room === null} />
        <RoomBar
          room={view.room}
          counters={view.counters}
          link={link}
          userId={userId}
          say={say}
          console={running}
          waiting={review.total}
          onFly={() => setOpen("fly")}
          onConsole={() => setOpen(running ? null : "console")}
          heading={heading}
        />
        {live && (
          <div class="stage-top">
            <Pinned view={view} onOpen={setCard} />
            <Battle stay={stay} view={view} />
            <OrderNewsLine stay={stay} view={view} />
          </div>
        )}
        <Curtain view={view} hosting={say === "host"} onReplay={onReplay} />
      </section>
      <Chat view={view} userId={userId} wide={wide} />
      <Dock stay={stay} view={view} userId={userId} say={say} wide={wide} card={card} onCard={setCard} />
      <div class="deck">
        <Composer
          stay={stay}
          signedIn={userId !== undefined}
          open={live || view.room === null}
          rules={say === "none" ? view.settings : null}
        />
        <LikeButton stay={stay} likes={view.counters.likes} open={live && userId !== undefined} />
      </div>
      {running && <Console stay={stay} view={view} say={say} series={series} review={review} onClose={closeConsole} />}
      {open === "fly" && <FlySettings onClose={() => setOpen(null)} />}
    </main>
  );
}

/** The PK that runs, or the last one until it is put away. */
function Battle({ stay, view }: { stay: RoomSession; view: RoomView }) {
  const [gone, setGone] = useState<string | null>(null);
  const [seen, setSeen] = useState<string | null>(null);
  const pk = view.pks.findLast((other) => !other.closed) ?? view.pks.at(-1);
  useEffect(() => {
    if (pk && !pk.closed) setSeen(pk.pkId);
  }, [pk?.pkId, pk?.closed]);
  // One that was over before this page came is no news.
  if (!pk || gone === pk.pkId || (pk.closed && seen !== pk.pkId)) return null;
  return <PkBar key={pk.pkId} stay={stay} pk={pk} onClose={() => setGone(pk.pkId)} />;
}

/** Counters second by second for the host's charts, from when the page opened. */
function useSeries(stay: RoomSession, say: Say): RoomSeries {
  const series = useMemo(() => new RoomSeries(), [stay]);
  useEffect(() => {
    if (say === "none") return;
    const timer = setInterval(() => {
      if (stay.view.value.status === "here") series.sample(stay.view.value.counters);
    }, 1_000);
    return () => clearInterval(timer);
  }, [stay, say]);
  return series;
}

function useMilestones(stay: RoomSession): void {
  useEffect(
    () =>
      stay.onCue((cue) => {
        if (cue.kind !== "event" || cue.event.kind !== "like_milestone") return;
        toast(text("room.milestone", { n: countText(Number(cue.event["likes"])) }));
      }),
    [stay],
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
      // A replay needs no name.
      if (room.state !== "ended") void requireSession();
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
