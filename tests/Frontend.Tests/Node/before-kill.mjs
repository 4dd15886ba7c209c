// Makes accounts, a room, settings, danmaku and likes, then kills the server (SIGKILL, not a word) while more are on
// their way, and reports what had been acknowledged by then. after-kill.mjs looks whether it is all still there.
import { call, guest, liveRoom, report, until, Viewer } from "./client.mjs";

const base = process.env.BASE_URLS;
const serverPid = Number(process.env.SERVER_PID);

const password = "correct horse battery staple";
const host = await call(base, "POST", "/api/auth/register", { body: { handle: "host.1", password, name: "Host" } });
const roomId = await liveRoom(base, host, "Survives a kill");
const settings = { slowModeSeconds: 0, followersOnly: false, blockedWords: ["forbidden"] };
await call(base, "PATCH", `/api/rooms/${roomId}/settings`, { token: host.accessToken, body: settings });
const sender = new Viewer(await guest(base, "sender"), roomId);
const witness = new Viewer(await guest(base, "witness"), roomId);
await call(base, "PUT", `/api/users/${host.userId}/follow`, { token: sender.session.accessToken });
await call(base, "PATCH", "/api/me", { token: sender.session.accessToken, body: { signature: "still here" } });
await sender.join(base);
await witness.join(base);

const acknowledged = new Map();
const sent = [];
let likesAccepted = 0;
let likesSent = 0;
let alive = true;

async function talk() {
  while (alive) {
    const text = `message ${sent.length}`;
    sent.push(text);
    const verdict = await sender.say(text).catch(() => null);
    if (verdict?.status === "accepted") acknowledged.set(verdict.seq, text);
  }
}

async function tap() {
  while (alive) {
    likesSent += 3;
    const { accepted } = await sender.like(3).catch(() => ({ accepted: 0 }));
    likesAccepted += accepted;
  }
}

const work = Promise.all([talk(), talk(), talk(), talk(), tap()]);
await until(() => "the witness to see 100 danmaku", () => witness.seen.size >= 100);
await witness.cut();
const since = witness.since();
await until(() => "150 more acknowledged", () => acknowledged.size >= since.danmakuSeq + 150);
const lost = new Promise((resolve) => sender.connection.onclose(resolve));
process.kill(serverPid, "SIGKILL");
await lost;
alive = false;
await work;

report({
  roomId, since, password, host, settings,
  sender: sender.session,
  witness: witness.session,
  sent,
  acknowledged: [...acknowledged],
  likesAccepted,
  likesSent,
  gaps: [...witness.gaps, ...witness.repeats, ...witness.twice],
});
