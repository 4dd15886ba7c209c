// What a person's client does, with the official JavaScript client of SignalR and nothing of ours: signs in, joins a
// room, orders frames by (epoch, seq), and notes every breach of the contract instead of mending it.
import { createRequire } from "node:module";
import { join } from "node:path";

const load = createRequire(join(process.env.CLIENT_APP, "package.json"));
const signalR = load("@microsoft/signalr");
const WebSocket = createRequire(load.resolve("@microsoft/signalr"))("ws");

/** Calls the REST API; a refusal is an error with the problem's code. */
export async function call(base, method, path, { token, body } = {}) {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(new URL(path, base), { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

export const guest = (base, name) => call(base, "POST", "/api/auth/guest", { body: { name } });

/** Makes a room and goes live; answers its id and the host. */
export async function liveRoom(base, host, title) {
  const room = await call(base, "POST", "/api/rooms", { token: host.accessToken, body: { title } });
  await call(base, "POST", `/api/rooms/${room.roomId}/start`, { token: host.accessToken, body: {} });
  return room.roomId;
}

/** Waits for a named condition; polls, because it may depend on anything. */
export async function until(what, condition, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s for: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A connection as the client makes it by itself; `prepare` sets its handlers before it starts. */
export async function connect(base, session, prepare) {
  const connection = new signalR.HubConnectionBuilder()
    .withUrl(new URL("/hub", base).href, { accessTokenFactory: () => session.accessToken })
    .configureLogging(signalR.LogLevel.None)
    .build();
  prepare(connection);
  await connection.start();
  return connection;
}

/** One viewer of one room. What is wrong is kept in `gaps`, `repeats` and `twice`; all stay empty when all is well. */
export class Viewer {
  gaps = [];
  repeats = [];
  twice = [];
  seen = new Map(); // danmaku seq -> text
  epoch = 0;
  seq = 0;
  highest = 0; // danmaku seq
  frames = 0;
  counters = null;
  joins = [];
  own = new Map(); // danmaku seq -> text, from accepted verdicts
  #waiting = null; // frames that overtake the answer of JoinRoom
  #sockets = [];

  constructor(session, roomId) {
    this.session = session;
    this.roomId = roomId;
  }

  /** Connects to that front end and joins, with `since` when it has been here before. */
  async join(base) {
    const sockets = this.#sockets;
    // The client's own option for the WebSocket class: the only way to a socket that can be cut off hard.
    const Tracked = class extends WebSocket {
      constructor(...args) {
        super(...args);
        sockets.push(this);
      }
    };
    this.connection = new signalR.HubConnectionBuilder()
      .withUrl(new URL("/hub", base).href, {
        accessTokenFactory: () => this.session.accessToken,
        skipNegotiation: true,
        transport: signalR.HttpTransportType.WebSockets,
        WebSocket: Tracked,
      })
      .configureLogging(signalR.LogLevel.None)
      .build();
    this.connection.on("frame", (roomId, frame) => this.#received(roomId, frame));
    this.connection.on("resync", () => this.gaps.push("resync"));
    this.connection.on("sampled", () => {});
    await this.connection.start();
    this.#waiting = [];
    const answer = await this.connection.invoke("JoinRoom", this.roomId, this.since());
    this.#joined(answer);
    return answer;
  }

  /** What this viewer has seen: frames come in order, so everything up to these numbers. */
  since() {
    return this.epoch === 0 ? null : { epoch: this.epoch, seq: this.seq, danmakuSeq: this.highest };
  }

  /** Sends a danmaku and answers its verdict. */
  async say(text) {
    const verdict = await this.connection.invoke("SendDanmaku", this.roomId, { text });
    if (verdict.status === "accepted") this.own.set(verdict.seq, text);
    return verdict;
  }

  like(count) {
    return this.connection.invoke("Like", this.roomId, count, null);
  }

  /** The cable is pulled: no closing handshake. Resolves when the client has noticed. */
  async cut() {
    const closed = new Promise((resolve) => this.connection.onclose(resolve));
    for (const socket of this.#sockets.splice(0)) socket.terminate();
    await closed;
  }

  async leave() {
    await this.connection.stop();
  }

  /** Different danmaku this viewer knows, from frames, snapshots and its own verdicts. */
  known() {
    return new Set([...this.seen.keys(), ...this.own.keys()]);
  }

  #joined(answer) {
    this.joins.push({ recovered: answer.recovered, missed: answer.missed.length, recent: answer.recent.length });
    if (answer.recovered) {
      for (const frame of answer.missed) this.#apply(frame);
      if (this.epoch !== answer.epoch || this.seq !== answer.seq) {
        this.gaps.push(`missed ended at ${this.epoch}/${this.seq}, the snapshot at ${answer.epoch}/${answer.seq}`);
      }
    } else {
      for (const danmaku of answer.recent) this.#show(danmaku);
    }
    this.epoch = answer.epoch;
    this.seq = answer.seq;
    this.counters = answer.counters;
    const waiting = this.#waiting;
    this.#waiting = null;
    // What the snapshot holds already is no repeat: those frames were under way when it was made.
    for (const frame of waiting.filter((f) => f.epoch > this.epoch || f.seq > this.seq)) this.#apply(frame);
  }

  #received(roomId, frame) {
    if (roomId !== this.roomId) this.gaps.push(`a frame of room ${roomId}`);
    else if (this.#waiting) this.#waiting.push(frame);
    else this.#apply(frame);
  }

  #apply(frame) {
    this.frames++;
    const first = frame.from ?? frame.seq;
    if (frame.epoch !== this.epoch) this.gaps.push(`epoch ${frame.epoch} after ${this.epoch}`);
    else if (frame.seq <= this.seq) this.repeats.push(`${frame.seq} after ${this.seq}`);
    else if (first !== this.seq + 1) this.gaps.push(`${first}..${frame.seq} after ${this.seq}`);
    this.epoch = frame.epoch;
    this.seq = Math.max(this.seq, frame.seq);
    if (frame.counters) this.counters = frame.counters;
    for (const danmaku of frame.danmaku ?? []) this.#show(danmaku);
  }

  #show(danmaku) {
    if (this.seen.has(danmaku.seq)) this.twice.push(danmaku.seq);
    this.seen.set(danmaku.seq, danmaku.text);
    this.highest = Math.max(this.highest, danmaku.seq);
  }
}

/** Runs `work(0) .. work(count - 1)`, so many at a time, and answers the results in order. */
export async function inParallel(count, width, work) {
  const results = new Array(count);
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const i = next++;
      results[i] = await work(i);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
  return results;
}

/** The one line that the test reads. */
export const report = (result) => console.log(`RESULT ${JSON.stringify(result)}`);
