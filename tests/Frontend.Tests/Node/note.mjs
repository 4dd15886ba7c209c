// A note with the official client: two people who watch it, one also over a connection that is cut and opened again,
// while many like it and take it back. Reports the counts that each connection saw last, and what calls were answered.
import { call, connect, guest, report, until } from "./client.mjs";

const base = process.env.BASE_URLS.split(",")[0];
const people = await Promise.all(Array.from({ length: 8 }, (_, n) => guest(base, `Person ${n}`)));
const [ann, bea] = people;
const note = await call(base, "POST", "/api/notes", {
  token: ann.accessToken, body: { title: "Tea", body: "one\ntwo", tags: ["tea"], key: "k" },
});
const { noteId } = note;

const watch = async (session) => {
  const seen = { counts: [], last: null };
  const connection = await connect(base, session, (it) => it.on("note", (id, counts) => {
    if (id !== noteId) throw new Error(`counts of ${id}`);
    seen.counts.push(counts);
    seen.last = counts;
  }));
  await connection.invoke("WatchNote", noteId);
  return { connection, seen };
};

const like = (session, on, what = "like") => call(base, on ? "PUT" : "DELETE", `/api/notes/${noteId}/${what}`, {
  token: session.accessToken,
});
const mine = await watch(ann);
const theirs = await watch(bea);
const first = mine.seen.last;
const answers = await Promise.all(people.flatMap((person) => [like(person, true), like(person, true)]));
await Promise.all(people.slice(0, 3).map((person) => like(person, false)));
const collected = await like(bea, true, "collect");
await until(() => "both to see 5", () => [mine, theirs].every(({ seen }) => seen.last?.likes === 5));

await theirs.connection.stop();
await like(ann, true);
const back = await watch(bea);
await until(() => "the count as it is now", () => back.seen.last?.likes === 6);
await mine.connection.invoke("UnwatchNote", noteId);
const before = mine.seen.counts.length;
await like(people[1], true);
await until(() => "the watcher to see 7", () => back.seen.last?.likes === 7);
const refused = await mine.connection.invoke("WatchNote", "404").catch((error) => error.message);
const read = await call(base, "GET", `/api/notes/${noteId}`, { token: bea.accessToken });
report({
  note, first, answers, collected, refused, read,
  last: back.seen.last, afterUnwatch: mine.seen.counts.length - before,
});
process.exit(0);
