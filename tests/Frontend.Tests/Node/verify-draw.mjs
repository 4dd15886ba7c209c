// Recomputes a published lucky draw from nothing but what everybody can fetch, by the words of the wire contract.
// BASE_URLS: the server; ROOM and DRAW: which draw.
import { createHash } from "node:crypto";

const base = process.env.BASE_URLS;
const path = `/api/rooms/${process.env.ROOM}/draws/${process.env.DRAW}`;

async function get(address) {
  const answer = await fetch(new URL(address, base));
  if (!answer.ok) throw new Error(`${address}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const sha256 = (text) => createHash("sha256").update(text, "utf8");

async function allEntrants() {
  const ids = [];
  let after = "";
  for (;;) {
    const page = await get(`${path}/entrants?limit=7${after && `&after=${after}`}`);
    ids.push(...page.items);
    if (!page.next) return ids;
    after = page.next;
  }
}

const draw = await get(path);
const entrants = await allEntrants();
const wrong = [];
const check = (holds, what) => holds || wrong.push(what);

check(/^[0-9a-f]{64}$/.test(draw.seed), "the seed is not 64 lower-case hex characters");
check(sha256(draw.seed).digest("hex") === draw.commitment, "the seed is not the one that was committed to");
check(entrants.length === draw.entrants, `${entrants.length} entrants listed, ${draw.entrants} counted`);
check(entrants.every((id, i) => i === 0 || entrants[i - 1] < id), "the list is not sorted ordinally");
const entrantsHash = sha256(entrants.join("\n")).digest("hex");
check(entrantsHash === draw.entrantsHash, "the list does not hash to entrantsHash");

const left = [...entrants];
const winners = left.length < draw.winners ? left : [];
for (let i = 0; left !== winners && i < draw.winners; i++) {
  const digest = sha256(`${draw.seed}:${entrantsHash}:${i}`).digest();
  const place = Number(digest.readBigUInt64BE(0) % BigInt(left.length));
  winners.push(left.splice(place, 1)[0]);
}

check(JSON.stringify(winners) === JSON.stringify(draw.winnerIds), "these are not the winners");
console.log("RESULT " + JSON.stringify({ wrong, winners, entrants }));
