// Things of a room for tests, each with what its test does not care about filled in.
import { emptyView, type RoomThings } from "../src/room/room-view";
import type { Deal, Order } from "../src/wire/deal-types";
import type { Draw, JoinResult, Pk, Poll, Question, RoomEvent, RoomFrame } from "../src/wire/types";

export const counters = { viewers: 1, peakViewers: 1, likes: 0, danmaku: 0 };

export const poll = (more: Partial<Poll> = {}): Poll => ({
  pollId: "1",
  question: "Tea or coffee?",
  options: ["Tea", "Coffee", "Both"],
  multiple: false,
  anonymous: true,
  counts: [0, 0, 0],
  voters: 0,
  openedAt: 1_000,
  closesAt: 61_000,
  closed: false,
  ...more,
});

export const pk = (more: Partial<Pk> = {}): Pk => ({
  pkId: "5",
  left: "Cats",
  right: "Dogs",
  leftPoints: 0,
  rightPoints: 0,
  openedAt: 1_000,
  closesAt: 61_000,
  closed: false,
  ...more,
});

export const question = (more: Partial<Question> = {}): Question => ({
  questionId: "1",
  userId: "7",
  name: "Ann",
  text: "Why?",
  upvotes: 0,
  at: 1_000,
  state: "open",
  ...more,
});

export const draw = (more: Partial<Draw> = {}): Draw => ({
  drawId: "9",
  prize: "A lipstick",
  winners: 1,
  condition: { kind: "none" },
  openedAt: 1_000,
  closesAt: 61_000,
  closed: false,
  entrants: 0,
  commitment: "c".repeat(64),
  ...more,
});

export const deal = (more: Partial<Deal> = {}): Deal => ({
  dealId: "3",
  roomId: "1",
  title: "Lipstick",
  price: { amount: 1_990, currency: "CNY" },
  stock: 100,
  left: 60,
  sold: 30,
  reserved: 10,
  waiting: 0,
  perBuyer: 2,
  startsAt: 1_000,
  endsAt: 61_000,
  payWithinSeconds: 300,
  condition: { kind: "none" },
  state: "open",
  lowStock: false,
  ...more,
});

export const order = (more: Partial<Order> = {}): Order => ({
  orderId: "900",
  dealId: "3",
  roomId: "1",
  title: "Lipstick",
  quantity: 1,
  total: { amount: 1_990, currency: "CNY" },
  status: "reserved",
  payBefore: 301_000,
  createdAt: 1_000,
  ...more,
});

export const frame = (more: Partial<RoomFrame>): RoomFrame => ({ epoch: 1, seq: 1, at: 2_000, ...more });

export const event = (kind: string, more: Record<string, unknown> = {}): RoomEvent => ({ kind, at: 2_000, ...more });

export const join = (more: Partial<JoinResult> = {}): JoinResult => ({
  room: { roomId: "1", title: "t", state: "live", hostId: "2", hostName: "Bo", counters },
  epoch: 1,
  seq: 0,
  counters,
  settings: { slowModeSeconds: 0, followersOnly: false, blockedWords: [], hold: "off", shield: false },
  recent: [],
  recovered: false,
  missed: [],
  ...more,
});

export const things = (more: Partial<RoomThings> = {}): RoomThings => ({ ...emptyView, room: join().room, ...more });
