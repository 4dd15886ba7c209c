// 50 viewers in a room; five of them send 200 danmaku and 1,000 likes each, while two others are cut off and come back.
// BASE_URLS: one front end or several that share a silo; viewers spread over them and rejoin at the next one.
import { guest, inParallel, liveRoom, report, until, Viewer } from "./client.mjs";

const bases = process.env.BASE_URLS.split(",");
const viewerCount = 50;
const senderCount = 5;
const danmakuEach = 200;
const likesEach = 1000;
const total = senderCount * danmakuEach;
const home = (i, moves = 0) => bases[(i + moves) % bases.length];

const host = await guest(bases[0], "主播 host");
const roomId = await liveRoom(bases[0], host, "五十人 fifty viewers");
const viewers = await inParallel(viewerCount, 10, async (i) => {
  const viewer = new Viewer(await guest(home(i), `viewer ${i}`), roomId);
  await viewer.join(home(i));
  return viewer;
});

const senders = viewers.slice(0, senderCount);
const verdicts = new Map();
let likesAccepted = 0;

async function danmakuOf(sender, name) {
  const answers = await inParallel(danmakuEach, 8, (n) => sender.say(`弹幕 ${name}-${n}`));
  for (const { status } of answers) verdicts.set(status, (verdicts.get(status) ?? 0) + 1);
  return answers.map((verdict) => verdict.seq);
}

/** In calls of every size, the last ones of what is left. */
async function likesOf(sender) {
  for (let left = likesEach, size = 1; left > 0; left -= size, size = Math.min(left, (size % 50) + 1)) {
    likesAccepted += (await sender.like(size)).accepted;
  }
}

/** Cut off in the middle, away while others get `away` danmaku, back with `since`; several times. */
async function unlucky(viewer, i, times, away) {
  for (let move = 1; move <= times; move++) {
    const from = viewer.seen.size + 40;
    await until(() => `viewer ${i} to see ${from} danmaku, it has ${viewer.seen.size}`, () => viewer.seen.size >= from);
    const before = viewers[49].seen.size;
    await viewer.cut();
    await until(() => `${away} danmaku while viewer ${i} is away`, () => viewers[49].seen.size >= Math.min(before + away, total));
    await viewer.join(home(i, move));
  }
}

const [seqs] = await Promise.all([
  Promise.all(senders.map((sender, i) => danmakuOf(sender, i))),
  Promise.all(senders.map(likesOf)),
  unlucky(viewers[30], 30, 1, 250),
  unlucky(viewers[31], 31, 3, 20),
]);

const likes = senderCount * likesEach;
const behind = () => viewers.filter((v) => v.known().size < total || v.counters.likes < likes || v.counters.danmaku < total);
await until(() => `everybody to see everything; ${behind().length} have not, the first has ${behind()[0]?.known().size}`
  + ` danmaku and counters ${JSON.stringify(behind()[0]?.counters)}`, () => behind().length === 0);

const accepted = seqs.flat();
const texts = new Map(senders.flatMap((sender) => [...sender.own]));
report({
  viewers: viewers.length,
  verdicts: Object.fromEntries(verdicts),
  distinctSeqs: new Set(accepted).size,
  highestSeq: Math.max(...accepted),
  likesAccepted,
  likeCounters: [...new Set(viewers.map((v) => v.counters.likes))],
  danmakuCounters: [...new Set(viewers.map((v) => v.counters.danmaku))],
  gaps: viewers.flatMap((v, i) => v.gaps.map((gap) => `viewer ${i}: ${gap}`)),
  repeats: viewers.flatMap((v, i) => v.repeats.map((repeat) => `viewer ${i}: ${repeat}`)),
  twice: viewers.flatMap((v, i) => v.twice.map((seq) => `viewer ${i}: ${seq}`)),
  missing: viewers.flatMap((v, i) => accepted.filter((seq) => !v.known().has(seq)).map((seq) => `viewer ${i}: ${seq}`)),
  strange: viewers.flatMap((v, i) => [...v.seen].filter(([seq, text]) => texts.get(seq) !== text).map(([seq]) => `viewer ${i}: ${seq}`)),
  rejoins: [...viewers[30].joins.slice(1), ...viewers[31].joins.slice(1)],
  frames: viewers.map((v) => v.frames).reduce((a, b) => a + b),
});
await Promise.all(viewers.map((viewer) => viewer.leave()));
