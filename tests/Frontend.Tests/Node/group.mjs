// A group with the official client: what two people send and see, also over a connection that is cut and opened again
// with `afterSeq`. Reports what every call said, and the numbers that each connection saw, in its order.
import { call, connect, guest, report, until } from "./client.mjs";

const base = process.env.BASE_URLS.split(",")[0];
const [ann, bea] = await Promise.all(["Ann", "Bea"].map((name) => guest(base, name)));
const { groupId } = await call(base, "POST", "/api/groups", {
  token: ann.accessToken, body: { name: "Tea", memberIds: [bea.userId] },
});

const open = async (session, afterSeq = null) => {
  const seen = { seqs: [], kinds: new Set(), early: 0 };
  let isOpen = false;
  const connection = await connect(base, session, (it) => it.on("group", (id, events) => {
    if (!isOpen) seen.early++;
    for (const event of events) {
      seen.kinds.add(event.kind);
      if (event.kind === "message") seen.seqs.push(event.message.seq);
    }
  }));
  const opened = await connection.invoke("OpenGroup", groupId, afterSeq);
  isOpen = true;
  seen.seqs.unshift(...opened.messages.map((message) => message.seq));
  return { connection, seen, opened };
};

const mine = await open(ann);
const theirs = await open(bea);
const say = (who, text, key) => who.connection.invoke("SendMessage", groupId, { text, key });
const sent = [];
for (let i = 0; i < 40; i++) sent.push(say(i % 2 ? mine : theirs, `m${i}`, `k${i}`));
const answers = await Promise.all(sent);
const again = await say(mine, "m1", "k1");
await until(() => "both to see 40", () => [mine, theirs].every(({ seen }) => seen.seqs.length === 40));

await theirs.connection.stop();
for (let i = 0; i < 5; i++) await say(mine, `missed ${i}`, `missed${i}`);
const back = await open(bea, 40);
await say(mine, "live", "live");
await until(() => "the rest", () => back.seen.seqs.length === 6);
const reaction = await back.connection.invoke("React", groupId, 3, "🎉", true);
const mark = await back.connection.invoke("MarkRead", groupId, 46);
const recalled = await mine.connection.invoke("RecallMessage", groupId, again.seq);
await back.connection.invoke("Typing", groupId);
const kinds = ["message", "reaction", "read", "recalled", "typing"];
await until(() => `all kinds, not ${[...mine.seen.kinds]}`, () => kinds.every((kind) => mine.seen.kinds.has(kind)));
const refused = await mine.connection.invoke("OpenGroup", "404", null).catch((error) => error.message);
const { items } = await call(base, "GET", "/api/me/groups", { token: bea.accessToken });
report({
  answers, again, reaction, mark, recalled, refused,
  early: mine.seen.early + theirs.seen.early + back.seen.early,
  mine: mine.seen.seqs, theirs: theirs.seen.seqs, back: back.seen.seqs,
  listed: items.map(({ groupId: id, unread, readSeq }) => ({ id, unread, readSeq })), groupId,
});
process.exit(0);
