// A notification with the official client: its user is connected at the second front end, twice; somebody at the first
// one writes to that user. Prints what was told, and what the list says before and after it was read.
import { call, connect, guest, report } from "./client.mjs";

const [first, second] = process.env.BASE_URLS.split(",");
const [ann, bea] = await Promise.all(["Ann", "Bea"].map((name) => guest(first, name)));
const told = [[], []];
const connections = [];
for (const notices of told) {
  connections.push(await connect(second, ann, (it) => it.on("notify", (news) => notices.push(news))));
}

const { groupId } = await call(first, "POST", "/api/conversations", {
  token: bea.accessToken, body: { userId: ann.userId },
});
const writer = await connect(first, bea, () => {});
const isDirect = (news) => news.notification.kind === "direct";

// Where somebody is is known a moment after connecting; what came before that is in the list alone.
let n = 0;
for (; !told.every((notices) => notices.some(isDirect)); n++) {
  const sent = await writer.invoke("SendMessage", groupId, { text: `hello ${n}`, key: `k${n}` });
  if (sent.status !== "accepted") throw new Error(JSON.stringify(sent));
  await new Promise((resolve) => setTimeout(resolve, 50));
  if (n > 400) throw new Error(`nobody was told: ${JSON.stringify(told)}`);
}

const list = (path = "") => call(second, "GET", `/api/me/notifications${path}`, { token: ann.accessToken });
let before = await list();
const gathered = () => before.items.find((item) => item.kind === "direct")?.count ?? 0;
for (let tries = 0; gathered() < n; tries++) {
  if (tries > 3000) throw new Error(`${n} were sent: ${JSON.stringify(before)}`);
  before = await list();
}
const { unread } = await call(second, "POST", "/api/me/notifications/read", {
  token: ann.accessToken, body: { upTo: before.items[0].id },
});
report({
  told: told[0].find(isDirect),
  both: told.every((notices) => notices.some(isDirect)),
  kinds: before.items.map((item) => item.kind),
  unreadAfter: unread,
});
await Promise.all([...connections, writer].map((connection) => connection.stop()));
