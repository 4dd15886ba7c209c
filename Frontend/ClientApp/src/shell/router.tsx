import type { ComponentChildren } from "preact";
import { Store } from "./store";

export type Route =
  | { page: "lobby" | "deals" | "orders" | "me" | "notFound" }
  | { page: "room"; roomId: string }
  | { page: "groups"; groupId: string | null }
  | { page: "invite"; code: string }
  | { page: "user"; userId: string };

/** Pages without anything in their address. */
const plain = { "": "lobby", deals: "deals", orders: "orders", me: "me" } as const;

export function routeOf(path: string): Route {
  const name = path.replace(/^\//, "");
  if (Object.hasOwn(plain, name)) return { page: plain[name as keyof typeof plain] };
  const room = /^\/room\/(\d{1,20})\/?$/.exec(path);
  if (room) return { page: "room", roomId: room[1]! };
  const group = /^\/groups(?:\/(\d{1,20}))?\/?$/.exec(path);
  if (group) return { page: "groups", groupId: group[1] ?? null };
  const user = /^\/user\/(\d{1,20})\/?$/.exec(path);
  if (user) return { page: "user", userId: user[1]! };
  const invite = /^\/invite\/([\w-]{16,64})\/?$/.exec(path);
  return invite ? { page: "invite", code: invite[1]! } : { page: "notFound" };
}

export const route = new Store<Route>(routeOf(location.pathname));

export function navigate(path: string): void {
  if (path === location.pathname) return;
  history.pushState(null, "", path);
  arrive();
}

function arrive(): void {
  route.set(routeOf(location.pathname));
  scrollTo(0, 0);
}

addEventListener("popstate", arrive);

interface LinkProps {
  to: string;
  class: string;
  children: ComponentChildren;
  "aria-label"?: string;
  "data-testid"?: string;
  "data-room-id"?: string;
  "data-group-id"?: string;
  "data-unread"?: number;
  "data-deal"?: string;
}

/** A link of this page: a plain click stays in the page, any other click does what the browser does. */
export function Link({ to, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
