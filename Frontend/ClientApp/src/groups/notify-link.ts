import { Hub } from "../wire/hub";
import type { Notification } from "../wire/group-types";
import { myInbox } from "./my-inbox";

/** A connection that notifications come on, for pages that have none of their own. Answers what closes it. */
export function openNotifyLink(): () => void {
  const hub = new Hub({
    // Whatever was told before there was this connection.
    connected: () => void myInbox.refresh().catch(() => undefined),
    disconnected: () => undefined,
  });
  listenToNotices(hub);
  hub.start();
  return () => void hub.stop();
}

export function listenToNotices(hub: Hub, heard?: (notification: Notification) => void): void {
  hub.on("notify", ({ notification, unread }: { notification: Notification; unread: number }) => {
    myInbox.push(notification, unread);
    heard?.(notification);
  });
}
