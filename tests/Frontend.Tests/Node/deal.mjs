// A deal with the official client: bought with one key pressed twice and another, told to both connections of the
// buyer, waited for, paid over REST. Prints what every call and every `order` said.
import { call, connect, guest, liveRoom, report, until } from "./client.mjs";

const base = process.env.BASE_URLS.split(",")[0];
const host = await guest(base, "Host");
const roomId = await liveRoom(base, host, "Shop");
const [ann, bea] = await Promise.all(["Ann", "Bea"].map((name) => guest(base, name)));
const { dealId } = await call(base, "POST", `/api/rooms/${roomId}/deals`, {
  token: host.accessToken,
  body: {
    title: "Tea", price: { amount: 1990, currency: "CNY" }, stock: 1, perBuyer: 1, seconds: 600, key: "deal",
  },
});

const told = { first: [], second: [], bea: [] };
const open = async (who, session) => {
  const connection = await connect(base, session, (it) => it.on("order", (order) => told[who].push(order)));
  return (key, quantity = 1) => connection.invoke("Buy", roomId, dealId, { quantity, key });
};
const first = await open("first", ann);
const second = await open("second", ann);
const beaBuys = await open("bea", bea);

const answers = await Promise.all([first("k"), second("k"), first("other")]);
const waiting = await beaBuys("k");
const bought = answers.find((answer) => answer.status === "accepted");
const has = (who, id, status) => told[who].some((order) => order.orderId === id && order.status === status);
await until(() => "both to be told", () => ["first", "second"].every((who) => has(who, bought.orderId, "reserved")));
await call(base, "POST", `/api/orders/${bought.orderId}/cancel`, { token: ann.accessToken, body: {} });
await until(() => "the line to move up", () => has("bea", waiting.orderId, "reserved"));
const paid = await call(base, "POST", `/api/orders/${waiting.orderId}/pay`, {
  token: bea.accessToken, body: { key: "pay" },
});
await until(() => "to be told of the payment", () => has("bea", waiting.orderId, "paid"));
const invalid = await beaBuys("k", -1);
const deal = await call(base, "GET", `/api/rooms/${roomId}/deals/${dealId}`);
report({ answers, waiting, paid, invalid, deal, told });
process.exit(0);
