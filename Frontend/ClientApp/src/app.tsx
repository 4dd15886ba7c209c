import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { text, useTexts } from "./i18n";
import { GoLivePrompt } from "./lobby/go-live";
import { Lobby } from "./lobby/lobby";
import { ProfilePage } from "./lobby/profile";
import { Header } from "./shell/header";
import { NotFound } from "./shell/not-found";
import { route } from "./shell/router";
import { SignInPrompt } from "./shell/sign-in";
import { useStore } from "./shell/store";
import { toast, Toasts } from "./shell/toast";
import { endedLogins } from "./wire/session";

endedLogins.subscribe(() => toast(text("auth.expired")));

export function App() {
  const t = useTexts();
  const current = useStore(route);
  const inRoom = current.page === "room";
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        {t("app.skip")}
      </a>
      {!inRoom && <Header />}
      {current.page === "lobby" && <Lobby />}
      {current.page === "me" && <ProfilePage />}
      {current.page === "room" && <LazyRoom key={current.roomId} roomId={current.roomId} />}
      {current.page === "notFound" && <NotFound />}
      <SignInPrompt />
      <GoLivePrompt />
      <Toasts />
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  const target = document.querySelector<HTMLElement>("#main h1") ?? document.getElementById("main");
  target?.focus();
}

type RoomPage = ComponentType<{ roomId: string }>;

/** The room brings the hub client and the stage: they are fetched when somebody goes into a room, not for the lobby. */
function LazyRoom({ roomId }: { roomId: string }) {
  const t = useTexts();
  const [page, setPage] = useState<{ Room: RoomPage } | null>(null);
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    import("./room/room-page").then(
      (module) => setPage({ Room: module.RoomPage }),
      () => setFailed(true),
    );
  };
  useEffect(load, []);
  if (page) return <page.Room roomId={roomId} />;
  return (
    <main id="main" class="room room-loading" aria-busy={!failed}>
      {failed && (
        <button type="button" class="button primary" onClick={load}>
          {t("app.retry")}
        </button>
      )}
    </main>
  );
}
