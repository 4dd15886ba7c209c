// 50 viewers in a room; five of them send 200 danmaku and 1,000 likes each, while two others are cut off and come back.
// BASE_URLS: one front end or several that share a silo; viewers spread over them and rejoin at the next one.
import { guest, inParallel, liveRoom, report, until, Viewer } from "./client.mjs";

const bases = process.env.BASE_URLS.split(",");
const viewerCount = 50;
const senderCount = 5;
const danmakuEach = 200;
const likesEach = 1000;
const pauseMs = 30;
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
let begun = 0;
let decided = 0;
let likesAccepted = 0;

// Who loses the connection after how many danmaku, and how many are to pass before they come back.
const accidents = [
  { viewer: 30, after: 150, away: 300 },
  { viewer: 31, after: 200, away: 20 },
  { viewer: 31, after: 500, away: 1 },
  { viewer: 31, after: 700, away: 60 },
];

/** The talk goes on while somebody comes back, but does not end before. */
const outrunsRejoin = () => accidents.some((a) => !a.over && begun >= a.after + a.away + 100);

async function danmakuOf(sender, name) {
  const answers = await inParallel(danmakuEach, 2, async (n) => {
    // Spread over seconds, so that they travel in many frames and not in a few full ones.
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    await until(() => "the accidents to be over", () => !outrunsRejoin());
    begun++;
    const verdict = await sender.say(`弹幕 ${name}-${n}`);
    decided++;
    verdicts.set(verdict.status, (verdicts.get(verdict.status) ?? 0) + 1);
    return verdict;
  });
  return answers.map((verdict) => verdict.seq);
}

/** In calls of every size, the last ones of what is left. */
async function likesOf(sender) {
  for (let left = likesEach, size = 1; left > 0; left -= size, size = Math.min(left, (size % 50) + 1)) {
    const { accepted } = await sender.like(size);
    likesAccepted += accepted;
  }
}

async function accidentsOf(i) {
  let moves = 0;
  for (const accident of accidents.filter((a) => a.viewer === i)) {
    await until(() => `${accident.after} danmaku before an accident`, () => decided >= accident.after);
    await viewers[i].cut();
    await until(() => `${accident.away} danmaku to pass`, () => decided >= accident.after + accident.away);
    await viewers[i].join(home(i, ++moves));
    accident.over = true;
  }
}

const [seqs] = await Promise.all([
  Promise.all(senders.map((sender, i) => danmakuOf(sender, i))),
  Promise.all(senders.map(likesOf)),
  accidentsOf(30),
  accidentsOf(31),
]);

const likes = senderCount * likesEach;
const isBehind = (v) => v.known().size < total || v.counters.likes < likes || v.counters.danmaku < total;
const behind = () => viewers.filter(isBehind);
await until(() => `everybody to see everything; ${behind().length} have not, the first has ${behind()[0]?.known().size}`
  + ` danmaku and counters ${JSON.stringify(behind()[0]?.counters)}`, () => behind().length === 0);

const accepted = seqs.flat();
const texts = new Map(senders.flatMap((sender) => [...sender.own]));
const isStrange = ([seq, text]) => texts.get(seq) !== text;
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
  strange: viewers.flatMap((v, i) => [...v.seen].filter(isStrange).map((danmaku) => `viewer ${i}: ${danmaku}`)),
  rejoins: [...viewers[30].joins.slice(1), ...viewers[31].joins.slice(1)],
  fewestFrames: Math.min(...viewers.map((v) => v.frames)),
});
await Promise.all(viewers.map((viewer) => viewer.leave()));
