import type { ComponentChildren } from "preact";
import { Store } from "./store";

export type Route = { page: "lobby" } | { page: "room"; roomId: string } | { page: "me" } | { page: "notFound" };

export function routeOf(path: string): Route {
  if (path === "/" || path === "") return { page: "lobby" };
  if (path === "/me") return { page: "me" };
  const room = /^\/room\/(\d{1,20})\/?$/.exec(path);
  return room ? { page: "room", roomId: room[1]! } : { page: "notFound" };
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
