import { inboxApi } from "../wire/group-api";
import { session } from "../wire/session";
import { InboxBook } from "./inbox";

/** The one inbox of the page. */
export const myInbox = new InboxBook(inboxApi);

let user: string | undefined;
let following = false;

function follow(): void {
  if (session.value?.userId === user) return;
  user = session.value?.userId;
  myInbox.reset();
  if (user !== undefined) void myInbox.refresh().catch(() => undefined);
}

/** To be called once a page shows notifications: the inbox then follows who is signed in. */
export function followInbox(): void {
  if (following) return;
  following = true;
  session.subscribe(follow);
  follow();
}
