// After the server was killed and started again on the same data: is everything there that it had acknowledged?
// BEFORE is the report of before-kill.mjs. Answers the list of what is wrong.
import { call, report, Viewer } from "./client.mjs";

const base = process.env.BASE_URLS;
const before = JSON.parse(process.env.BEFORE);
const wrong = [];
const check = (what, holds) => holds || wrong.push(what);

const { host, sender, roomId, since } = before;
const me = await call(base, "GET", "/api/me", { token: sender.accessToken });
check("an access token from before is valid and names the same user", me.userId === sender.userId);
check("an acknowledged signature is kept", me.signature === "still here");
const profile = await call(base, "GET", `/api/users/${host.userId}`, { token: sender.accessToken });
check("an acknowledged follow is kept", profile.followers === 1 && profile.isFollowing === true);
const login = await call(base, "POST", "/api/auth/login", { body: { handle: "host.1", password: before.password } });
check("the password account is kept", login.userId === host.userId);
const refreshed = await call(base, "POST", "/api/auth/refresh", { body: { refreshToken: sender.refreshToken } });
check("a refresh token from before works", refreshed.userId === sender.userId);

const witness = new Viewer(before.witness, roomId);
Object.assign(witness, { epoch: since.epoch, seq: since.seq, highest: since.danmakuSeq });
const answer = await witness.join(base);
check("the room is still live", answer.room.state === "live");
check("the epoch is new", answer.epoch > since.epoch);
check("frames of an old epoch cannot be recovered", answer.recovered === false && answer.missed.length === 0);

const recent = new Map(answer.recent.map((danmaku) => [danmaku.seq, danmaku.text]));
check("recent holds nothing twice", recent.size === answer.recent.length);
check("recent holds only what came after danmakuSeq", [...recent.keys()].every((seq) => seq > since.danmakuSeq));
const owed = before.acknowledged.filter(([seq]) => seq > since.danmakuSeq);
check("there was something to bring", owed.length >= 100);
const lost = owed.filter(([seq, text]) => recent.get(seq) !== text).map(([seq]) => seq);
check(`every acknowledged danmaku is there, not so ${lost.slice(0, 10)}`, lost.length === 0);
const sent = new Set(before.sent);
check("nothing is there that was not sent", [...recent.values()].every((text) => sent.has(text)));
const seqs = [...recent.keys()];
const inOrder = seqs.every((seq, i) => seq === since.danmakuSeq + 1 + i);
check(`recent has no hole and is in order: ${seqs.slice(0, 5)}..`, inOrder);

const { likes, danmaku } = answer.counters;
check(`likes ${likes} are between ${before.likesAccepted} accepted and ${before.likesSent} sent`,
  likes >= before.likesAccepted && likes <= before.likesSent);
check(`the danmaku counter ${danmaku} is the highest seq`, danmaku === Math.max(...seqs));

const verdict = await witness.say("after the restart");
check(`a seq is never used again: ${verdict.seq}`, verdict.status === "accepted" && verdict.seq > Math.max(...seqs));
const blocked = await witness.say("this is forbidden");
check(`the blocked words are kept: ${blocked.reason}`, blocked.reason === "blocked_word");
await witness.leave();
report({ wrong, owed: owed.length });
