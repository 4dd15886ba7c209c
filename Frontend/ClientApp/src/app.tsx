import { text, useTexts } from "./i18n";
import { GoLivePrompt } from "./lobby/go-live";
import { Lobby } from "./lobby/lobby";
import { ProfilePage } from "./lobby/profile";
import { Header } from "./shell/header";
import { lazy } from "./shell/lazy";
import { NotFound } from "./shell/not-found";
import { route } from "./shell/router";
import { SignInPrompt } from "./shell/sign-in";
import { useStore } from "./shell/store";
import { toast, Toasts } from "./shell/toast";
import { endedLogins } from "./wire/session";

// The room brings the hub client and the stage: they are fetched when somebody goes into one, not for the lobby.
const Room = lazy(() => import("./room/room-page").then((module) => module.RoomPage), "room room-loading");
const Sale = lazy(() => import("./deals/sale-page").then((module) => module.SalePage), "lobby");
const Groups = lazy(() => import("./groups/groups-page").then((module) => module.GroupsPage), "groups");
const Invitation = lazy(() => import("./groups/invite-page").then((module) => module.InvitePage), "orders-page");
const User = lazy(() => import("./groups/user-page").then((module) => module.UserPage), "profile");
const Orders = lazy(() => import("./deals/orders-page").then((module) => module.OrdersPage), "orders-page");

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
      {current.page === "deals" && <Sale />}
      {current.page === "orders" && <Orders />}
      {current.page === "groups" && <Groups groupId={current.groupId} />}
      {current.page === "invite" && <Invitation key={current.code} code={current.code} />}
      {current.page === "user" && <User key={current.userId} userId={current.userId} />}
      {current.page === "room" && <Room key={current.roomId} roomId={current.roomId} />}
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
