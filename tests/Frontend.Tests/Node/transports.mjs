// Every way to the hub, with the official client and each of its transports: calls and large answers among frames, a
// refusal, a call that wants no answer, and a clean end.
// SERVERS: JSON list of {name, rest, hub}; the viewers of one room share its server.
import { createRequire } from "node:module";
import { join } from "node:path";
import { guest, liveRoom, report, until } from "./client.mjs";

const load = createRequire(join(process.env.CLIENT_APP, "package.json"));
const signalR = load("@microsoft/signalr");
const text = "长".repeat(150);
const before = 220;
const during = 60;
const results = [];

function viewer(hub, session, transport) {
  const connection = new signalR.HubConnectionBuilder()
    .withUrl(new URL("/hub", hub).href, { accessTokenFactory: () => session.accessToken, transport })
    .configureLogging(signalR.LogLevel.None)
    .build();
  const seen = { connection, frames: [], closed: false, closeError: null };
  connection.on("frame", (_, frame) => seen.frames.push(frame));
  connection.on("resync", () => seen.frames.push({ seq: "resync" }));
  connection.on("sampled", () => {});
  connection.onclose((error) => Object.assign(seen, { closed: true, closeError: error?.message ?? null }));
  return seen;
}

/** Where frame numbers do not go up by one from the answer's. */
const gaps = (frames, seq) => frames.filter((frame) => frame.seq > seq)
  .map((frame, i) => [frame.seq, seq + 1 + i]).filter(([is, should]) => is !== should);

async function tryTransport(server, transport) {
  const name = signalR.HttpTransportType[transport];
  const host = await guest(server.rest, "Host");
  const room = await liveRoom(server.rest, host, `${server.name} ${name}`);
  const [ann, bea] = [await guest(server.rest, "Ann"), await guest(server.rest, "Bea")];
  const one = viewer(server.hub, ann, transport);
  const two = viewer(server.hub, bea, transport);
  await Promise.all([one.connection.start(), two.connection.start()]);

  const first = await Promise.all(Array.from({ length: before }, (_, i) =>
    one.connection.invoke("SendDanmaku", room, { text: `${i} ${text}`, key: `k${i}` })));
  // A snapshot holds what has been shown, which is not at once what has been accepted.
  const joinedOne = await one.connection.invoke("JoinRoom", room, null);
  const highest = Math.max(...first.map((verdict) => verdict.seq));
  await until(() => `everything to be shown by ${name}`, () => joinedOne.recent.some((d) => d.seq === highest)
    || one.frames.some((frame) => frame.danmaku?.some((d) => d.seq === highest)));
  const joined = await two.connection.invoke("JoinRoom", room, { epoch: 0, seq: 0, danmakuSeq: 0 });
  const verdicts = [];
  const again = [];
  await Promise.all(Array.from({ length: during }, async (_, i) => {
    verdicts.push((await two.connection.invoke("SendDanmaku", room, { text: `two ${i}` })).status);
    await two.connection.send("Like", room, 2, null);
    // Large answers, which SignalR or the short way writes among the frames.
    if (i % 12 === 0) again.push(await one.connection.invoke("JoinRoom", room, { epoch: 0, seq: 0, danmakuSeq: 0 }));
  }));
  const refusal = await two.connection.invoke("Like", "x", 1, null).catch((error) => error.message);
  const unknown = await two.connection.invoke("Nothing").catch((error) => error.message);
  const likes = (frames) => Math.max(0, ...frames.map((frame) => frame.counters?.likes ?? 0));
  const shown = (frames) => new Set(frames.flatMap((frame) => (frame.danmaku ?? []).map((d) => d.text)));
  await until(() => `likes and danmaku by ${name}`, () => likes(two.frames) === 2 * during
    && [...shown(two.frames)].filter((t) => t.startsWith("two ")).length === during);
  await two.connection.stop();
  const after = await one.connection.invoke("SendDanmaku", room, { text: "after" });
  await until(() => `a frame after the other's end by ${name}`, () => shown(one.frames).has("after"));
  results.push({
    server: server.name,
    transport: name,
    first: first.filter((verdict) => verdict.status === "accepted").length,
    recent: joined.recent.length,
    recentBytes: Buffer.byteLength(JSON.stringify(joined)),
    intact: joined.recent.every((danmaku) => danmaku.text.endsWith(text)),
    again: again.filter((answer) => answer.recent.length >= before && answer.seq >= joinedOne.seq).length,
    gaps: gaps(two.frames, joined.seq),
    verdicts: verdicts.filter((status) => status === "accepted").length,
    refusal,
    unknown,
    cleanEnd: two.closed && two.closeError === null,
    after: after.status,
  });
  await one.connection.stop();
}

const { WebSockets, ServerSentEvents, LongPolling } = signalR.HttpTransportType;
await Promise.all(JSON.parse(process.env.SERVERS).flatMap((server) =>
  [WebSockets, ServerSentEvents, LongPolling].map((transport) => tryTransport(server, transport))));
report(results);
process.exit(0);
