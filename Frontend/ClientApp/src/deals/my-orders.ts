import { text } from "../i18n";
import { toast } from "../shell/toast";
import { orderApi } from "../wire/deal-api";
import { session } from "../wire/session";
import { OrderBook } from "./order-book";

/** The one book of the page. */
export const myOrders = new OrderBook(orderApi);

let user: string | undefined;

/** Asks for the orders of whoever is signed in again: the hub may have missed something. */
export async function refreshOrders(): Promise<void> {
  if (session.value) await myOrders.refresh();
}

function follow(): void {
  if (session.value?.userId === user) return;
  user = session.value?.userId;
  myOrders.reset();
  if (user !== undefined) void myOrders.refresh().catch(() => undefined);
}

let following = false;

/** To be called once a page shows orders: the book then follows who is signed in. */
export function followOrders(): void {
  if (following) return;
  following = true;
  session.subscribe(follow);
  follow();
}

// What a buyer must not miss, on whichever page: their turn has come, or their time is over.
myOrders.onTurn((before, after) => {
  const values = { title: after.title, n: after.quantity };
  if (before.status === "waiting" && after.status === "reserved") toast(text("order.turnCame", values));
  if (before.status === "reserved" && after.status === "expired") toast(text("order.timeIsOver", values));
  if (before.status === "waiting" && after.status === "expired") toast(text("order.lineIsOver", values));
  if (after.status === "refunded") toast(text("order.paidBack", values));
  if (before.status === "paying" && after.status === "paid") toast(text("order.paidNow", values));
  if (before.status === "paying" && after.status === "reserved") toast(text("order.payFailed", values));
});
