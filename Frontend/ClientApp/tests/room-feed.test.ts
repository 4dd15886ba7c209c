import { describe, expect, it } from "vitest";
import { maxFruitlessJoins, maxWaitingFrames, RoomFeed, type FeedStep } from "../src/room/room-feed";
import type { Danmaku, JoinResult, RoomFrame } from "../src/wire/types";

const counters = { viewers: 1, peakViewers: 1, likes: 0, danmaku: 0 };

function danmaku(seq: number): Danmaku {
  return { seq, userId: "7", name: "Ann", text: `text ${seq}`, mode: "scroll", color: "#ffffff", at: 1000 + seq };
}

function frame(epoch: number, seq: number, more: Partial<RoomFrame> = {}): RoomFrame {
  return { epoch, seq, at: 5000 + seq, ...more };
}

function answer(epoch: number, seq: number, more: Partial<JoinResult> = {}): JoinResult {
  return {
    room: { roomId: "1", title: "t", state: "live", hostId: "2", hostName: "Bo", counters },
    epoch,
    seq,
    counters,
    settings: { slowModeSeconds: 0, followersOnly: false, blockedWords: [], hold: "off", shield: false },
    recent: [],
    recovered: false,
    missed: [],
    ...more,
  };
}

/** A feed that has joined at (epoch, seq). */
function feedAt(epoch: number, seq: number, recent: Danmaku[] = []): RoomFeed {
  const feed = new RoomFeed();
  feed.asking();
  feed.answered(answer(epoch, seq, { recent }));
  return feed;
}

function seqs(steps: readonly FeedStep[]): number[] {
  return steps.flatMap((step) => (step.kind === "frame" ? [step.frame.seq] : []));
}

function snapshots(steps: readonly FeedStep[]) {
  return steps.filter((step) => step.kind === "snapshot");
}

describe("the first join", () => {
  it("is needed from the start, with nothing to resume from", () => {
    const feed = new RoomFeed();
    expect(feed.needsJoin).toBe(true);
    expect(feed.since()).toBeNull();
  });

  it("brings the snapshot and clears what was there", () => {
    const feed = new RoomFeed();
    feed.asking();
    const steps = feed.answered(answer(3, 10, { recent: [danmaku(4), danmaku(9)] }));
    expect(steps).toEqual([{ kind: "snapshot", join: expect.objectContaining({ seq: 10 }), reset: true }]);
    expect(feed.position).toEqual({ epoch: 3, seq: 10, danmakuSeq: 9 });
    expect(feed.needsJoin).toBe(false);
  });

  it("puts frames that came before the answer behind the snapshot, without those it already holds", () => {
    const feed = new RoomFeed();
    feed.asking();
    for (const seq of [9, 10, 11, 12]) expect(feed.frame(frame(3, seq))).toEqual([]);
    const steps = feed.answered(answer(3, 10));
    expect(steps[0]!.kind).toBe("snapshot");
    expect(seqs(steps)).toEqual([11, 12]);
    expect(feed.position.seq).toBe(12);
  });

  it("starts at the room's first frame when the room has sent none", () => {
    const feed = feedAt(1, 0);
    expect(seqs(feed.frame(frame(1, 1)))).toEqual([1]);
  });
});

describe("frames in order", () => {
  it("are applied one by one", () => {
    const feed = feedAt(1, 5);
    expect([6, 7, 8].flatMap((seq) => seqs(feed.frame(frame(1, seq))))).toEqual([6, 7, 8]);
    expect(feed.needsJoin).toBe(false);
  });

  it("seen before are dropped", () => {
    const feed = feedAt(1, 5);
    feed.frame(frame(1, 6));
    expect(feed.frame(frame(1, 6))).toEqual([]);
    expect(feed.frame(frame(1, 3))).toEqual([]);
    expect(feed.position.seq).toBe(6);
    expect(feed.needsJoin).toBe(false);
  });

  it("that stand for several are applied when they follow on what is here", () => {
    const feed = feedAt(1, 5);
    expect(seqs(feed.frame(frame(1, 9, { from: 6 })))).toEqual([9]);
    expect(seqs(feed.frame(frame(1, 10)))).toEqual([10]);
  });

  it("that stand for several are applied when they overlap what is here", () => {
    const feed = feedAt(1, 7);
    expect(seqs(feed.frame(frame(1, 9, { from: 6 })))).toEqual([9]);
    expect(feed.needsJoin).toBe(false);
  });

  it("that stand for several are dropped when all of them were seen", () => {
    const feed = feedAt(1, 9);
    expect(feed.frame(frame(1, 9, { from: 6 }))).toEqual([]);
    expect(feed.needsJoin).toBe(false);
  });

  it("that stand for several ask for a join when one before them is missing", () => {
    const feed = feedAt(1, 5);
    expect(feed.frame(frame(1, 9, { from: 7 }))).toEqual([]);
    expect(feed.needsJoin).toBe(true);
    expect(feed.position.seq).toBe(5);
  });

  it("carry the number of the newest danmaku, whatever their order", () => {
    const feed = feedAt(1, 5, [danmaku(20)]);
    feed.frame(frame(1, 6, { danmaku: [danmaku(23), danmaku(22)] }));
    feed.frame(frame(1, 7, { danmaku: [danmaku(21)] }));
    expect(feed.since()).toEqual({ epoch: 1, seq: 7, danmakuSeq: 23 });
  });

  it("take null members as absent", () => {
    const feed = feedAt(1, 5);
    expect(seqs(feed.frame(frame(1, 6, { from: null, danmaku: null, events: null, counters: null })))).toEqual([6]);
  });
});

describe("a hole", () => {
  it("stops the feed until a join from the last applied frame", () => {
    const feed = feedAt(1, 5);
    expect(feed.frame(frame(1, 7))).toEqual([]);
    expect(feed.needsJoin).toBe(true);
    expect(feed.frame(frame(1, 8))).toEqual([]);
    expect(feed.since()).toMatchObject({ epoch: 1, seq: 5 });
  });

  it("is filled by what was missed, then by what waited, each once and in order", () => {
    const feed = feedAt(1, 5);
    feed.frame(frame(1, 7));
    feed.asking();
    feed.frame(frame(1, 8));
    feed.frame(frame(1, 9));
    const steps = feed.answered(answer(1, 8, { recovered: true, missed: [6, 7, 8].map((seq) => frame(1, seq)) }));
    expect(seqs(steps)).toEqual([6, 7, 8, 9]);
    expect(feed.needsJoin).toBe(false);
    expect(feed.fruitlessJoins).toBe(0);
  });

  it("marks what was missed, so that it need not be drawn as if it came now", () => {
    const feed = feedAt(1, 5);
    feed.frame(frame(1, 7));
    feed.asking();
    feed.frame(frame(1, 8));
    const steps = feed.answered(answer(1, 7, { recovered: true, missed: [frame(1, 6), frame(1, 7)] }));
    expect(steps.flatMap((step) => (step.kind === "frame" ? [step.missed] : []))).toEqual([true, true, false]);
  });

  it("in what waited for the answer asks again, from further on", () => {
    const feed = feedAt(1, 5);
    feed.disconnected();
    feed.asking();
    feed.frame(frame(1, 9));
    const steps = feed.answered(answer(1, 7, { recovered: true, missed: [frame(1, 6), frame(1, 7)] }));
    expect(seqs(steps)).toEqual([6, 7]);
    expect(feed.needsJoin).toBe(true);
    expect(feed.since()).toMatchObject({ seq: 7 });
    feed.asking();
    expect(seqs(feed.answered(answer(1, 9, { recovered: true, missed: [frame(1, 8), frame(1, 9)] })))).toEqual([8, 9]);
    expect(feed.needsJoin).toBe(false);
  });

  it("wider than what may wait loses nothing: the frames let go are asked for", () => {
    const feed = feedAt(1, 0);
    feed.disconnected();
    feed.asking();
    const last = maxWaitingFrames + 20;
    for (let seq = 1; seq <= last; seq++) feed.frame(frame(1, seq));
    feed.answered(answer(1, 5, { recovered: true, missed: [1, 2, 3, 4, 5].map((seq) => frame(1, seq)) }));
    expect(feed.needsJoin).toBe(true);
    expect(feed.since()).toMatchObject({ seq: 5 });
    feed.asking();
    const missed = Array.from({ length: last - 5 }, (_, index) => frame(1, index + 6));
    const steps = feed.answered(answer(1, last, { recovered: true, missed }));
    expect(seqs(steps)).toEqual(missed.map((one) => one.seq));
    expect(feed.needsJoin).toBe(false);
  });
});

describe("after a reconnection", () => {
  it("asks with what is here, and applies what was missed exactly once", () => {
    const feed = feedAt(2, 10, [danmaku(30)]);
    feed.frame(frame(2, 11, { danmaku: [danmaku(31)] }));
    feed.disconnected();
    expect(feed.needsJoin).toBe(true);
    expect(feed.since()).toEqual({ epoch: 2, seq: 11, danmakuSeq: 31 });
    feed.asking();
    const steps = feed.answered(answer(2, 13, { recovered: true, missed: [frame(2, 12), frame(2, 13)] }));
    expect(seqs(steps)).toEqual([12, 13]);
    expect(feed.position.seq).toBe(13);
  });

  it("takes the room's state from the answer also when nothing was missed", () => {
    const feed = feedAt(2, 10);
    feed.disconnected();
    feed.asking();
    const steps = feed.answered(answer(2, 10, { recovered: true, recent: [danmaku(1)] }));
    expect(snapshots(steps)).toEqual([
      expect.objectContaining({ reset: false, join: expect.objectContaining({ recent: [] }) }),
    ]);
  });

  it("applies missed frames that repeat some of what is here only from where it ends", () => {
    const feed = feedAt(2, 10);
    feed.disconnected();
    feed.asking();
    const steps = feed.answered(
      answer(2, 12, { recovered: true, missed: [9, 10, 11, 12].map((seq) => frame(2, seq)) }),
    );
    expect(seqs(steps)).toEqual([11, 12]);
  });

  it("applies a missed frame that stands for several", () => {
    const feed = feedAt(2, 10);
    feed.disconnected();
    feed.asking();
    expect(seqs(feed.answered(answer(2, 14, { recovered: true, missed: [frame(2, 14, { from: 11 })] })))).toEqual([14]);
    expect(feed.needsJoin).toBe(false);
  });

  it("uses the snapshot, without clearing, when the room no longer holds what was missed", () => {
    const feed = feedAt(2, 10, [danmaku(30)]);
    feed.disconnected();
    feed.asking();
    feed.frame(frame(2, 901));
    const steps = feed.answered(answer(2, 900, { recent: [danmaku(31), danmaku(32)] }));
    expect(snapshots(steps)).toEqual([expect.objectContaining({ reset: false })]);
    expect(seqs(steps)).toEqual([901]);
    expect(feed.since()).toEqual({ epoch: 2, seq: 901, danmakuSeq: 32 });
  });

  it("forgets frames that waited on the connection before: the new one sends them again", () => {
    const feed = feedAt(2, 10);
    feed.frame(frame(2, 12));
    feed.disconnected();
    feed.asking();
    expect(seqs(feed.answered(answer(2, 11, { recovered: true, missed: [frame(2, 11)] })))).toEqual([11]);
    expect(seqs(feed.frame(frame(2, 12)))).toEqual([12]);
  });

  it("keeps frames of the new connection that come before the join", () => {
    const feed = feedAt(2, 10);
    feed.disconnected();
    feed.frame(frame(2, 14));
    feed.asking();
    const steps = feed.answered(answer(2, 13, { recovered: true, missed: [11, 12, 13].map((seq) => frame(2, seq)) }));
    expect(seqs(steps)).toEqual([11, 12, 13, 14]);
  });

  it("during a join asks again: the answer of the lost connection never comes", () => {
    const feed = feedAt(2, 10);
    feed.disconnected();
    feed.asking();
    expect(feed.needsJoin).toBe(false);
    feed.disconnected();
    expect(feed.needsJoin).toBe(true);
    expect(feed.since()).toMatchObject({ epoch: 2, seq: 10 });
  });
});

describe("a new epoch", () => {
  it("in a frame asks for a join that names the old one", () => {
    const feed = feedAt(4, 100, [danmaku(8)]);
    expect(feed.frame(frame(5, 1))).toEqual([]);
    expect(feed.needsJoin).toBe(true);
    expect(feed.since()).toEqual({ epoch: 4, seq: 100, danmakuSeq: 8 });
  });

  it("in the answer starts the sequence again and keeps the danmaku, with what waited behind it", () => {
    const feed = feedAt(4, 100, [danmaku(8)]);
    feed.frame(frame(5, 3));
    feed.asking();
    feed.frame(frame(5, 4));
    const steps = feed.answered(answer(5, 2, { recent: [danmaku(9)] }));
    expect(snapshots(steps)).toEqual([expect.objectContaining({ reset: false })]);
    expect(seqs(steps)).toEqual([3, 4]);
    expect(feed.since()).toEqual({ epoch: 5, seq: 4, danmakuSeq: 9 });
  });

  it("makes frames of the old one worthless", () => {
    const feed = feedAt(5, 2);
    expect(feed.frame(frame(4, 101))).toEqual([]);
    expect(feed.needsJoin).toBe(false);
  });

  it("is not taken for a recovery, whatever the answer says", () => {
    const feed = feedAt(4, 100);
    feed.disconnected();
    feed.asking();
    const steps = feed.answered(answer(5, 1, { recovered: true, missed: [frame(5, 1)] }));
    expect(snapshots(steps)).toHaveLength(1);
    expect(feed.position).toMatchObject({ epoch: 5, seq: 1 });
  });

  it("older than what is here is a stale answer: ask again", () => {
    const feed = feedAt(5, 2);
    feed.resync();
    feed.asking();
    expect(feed.answered(answer(4, 100))).toEqual([]);
    expect(feed.needsJoin).toBe(true);
    expect(feed.position).toMatchObject({ epoch: 5, seq: 2 });
  });
});

describe("resync", () => {
  it("asks for a join with what is here", () => {
    const feed = feedAt(1, 5);
    feed.resync();
    expect(feed.needsJoin).toBe(true);
    expect(feed.since()).toMatchObject({ epoch: 1, seq: 5 });
  });

  it("during a join changes nothing: the answer is newer", () => {
    const feed = feedAt(1, 5);
    feed.asking();
    feed.resync();
    expect(feed.needsJoin).toBe(false);
  });
});

describe("answers that lead nowhere", () => {
  it("behind what is here change nothing", () => {
    const feed = feedAt(1, 9);
    feed.resync();
    feed.asking();
    expect(feed.answered(answer(1, 7))).toEqual([]);
    expect(feed.position.seq).toBe(9);
    expect(feed.needsJoin).toBe(false);
  });

  it("that claim a recovery with a hole apply what is sound and ask again", () => {
    const feed = feedAt(1, 5);
    feed.disconnected();
    feed.asking();
    const steps = feed.answered(answer(1, 9, { recovered: true, missed: [frame(1, 6), frame(1, 8), frame(1, 9)] }));
    expect(seqs(steps)).toEqual([6]);
    expect(snapshots(steps)).toEqual([]);
    expect(feed.needsJoin).toBe(true);
    expect(feed.since()).toMatchObject({ seq: 6 });
  });

  it("are counted, and after a few the page starts afresh from the server's snapshot", () => {
    const feed = feedAt(1, 5, [danmaku(3)]);
    feed.disconnected();
    for (let join = 1; join <= maxFruitlessJoins; join++) {
      feed.asking();
      feed.answered(answer(1, 9, { recovered: true, missed: [] }));
      expect(feed.fruitlessJoins).toBe(join);
      expect(feed.needsJoin).toBe(true);
    }
    expect(feed.since()).toBeNull();
    feed.asking();
    const steps = feed.answered(answer(1, 9, { recent: [danmaku(4)] }));
    expect(snapshots(steps)).toEqual([expect.objectContaining({ reset: true })]);
    expect(feed.fruitlessJoins).toBe(0);
    expect(feed.since()).toEqual({ epoch: 1, seq: 9, danmakuSeq: 4 });
  });

  it("also of a server that begins again with a lower epoch", () => {
    const feed = feedAt(7, 50, [danmaku(40)]);
    feed.disconnected();
    for (let join = 0; join < maxFruitlessJoins; join++) {
      feed.asking();
      feed.answered(answer(1, 2));
    }
    feed.asking();
    feed.answered(answer(1, 2));
    expect(feed.position).toEqual({ epoch: 1, seq: 2, danmakuSeq: 0 });
    expect(seqs(feed.frame(frame(1, 3)))).toEqual([3]);
  });
});

describe("any order of losses, repeats and reconnections", () => {
  /** A room that holds its last frames and a client behind a network that drops, repeats and cuts. */
  function drive(seed: number) {
    let state = seed;
    const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
    const held = 12;
    let epoch = 1;
    let head = 0;
    let newest = 0;
    const sent: RoomFrame[] = [];
    const shown: number[] = [];
    const applied: string[] = [];
    const feed = new RoomFeed();
    const take = (steps: readonly FeedStep[]) => {
      for (const step of steps) {
        const list = step.kind === "frame" ? (step.frame.danmaku ?? []) : step.join.recent;
        if (step.kind === "frame") applied.push(`${step.frame.epoch}:${step.frame.seq}`);
        shown.push(...list.map((one) => one.seq));
      }
    };
    const publish = () => {
      const next = frame(epoch, ++head, { danmaku: random() < 0.6 ? [danmaku(++newest)] : [] });
      sent.push(next);
      return next;
    };
    const join = () => {
      const since = feed.since();
      feed.asking();
      const late = random() < 0.5 ? [publish(), publish()] : [];
      const at = head - (late.length > 0 && random() < 0.5 ? 1 : 0);
      for (const one of late) take(feed.frame(one));
      const ring = sent.filter((one) => one.epoch === epoch && one.seq > head - held);
      const whole = since?.epoch === epoch && since.seq >= head - held;
      const missed = whole ? ring.filter((one) => one.seq > since!.seq && one.seq <= at) : [];
      const upTo = sent.filter((one) => one.epoch < epoch || one.seq <= at).flatMap((one) => one.danmaku ?? []);
      const recent = whole ? [] : upTo.filter((one) => one.seq > (since?.danmakuSeq ?? 0));
      if (random() < 0.15) return feed.disconnected();
      take(feed.answered(answer(epoch, at, { recovered: whole, missed, recent })));
    };
    for (let step = 0; step < 400; step++) {
      const next = publish();
      const luck = random();
      if (luck < 0.1) continue;
      if (luck < 0.13) feed.disconnected();
      else if (luck < 0.15) feed.resync();
      else if (luck < 0.16) {
        epoch++;
        head = 0;
      }
      take(feed.frame(next));
      if (random() < 0.1) take(feed.frame(sent[Math.floor(random() * sent.length)]!));
      while (feed.needsJoin && random() < 0.8) join();
    }
    for (
      let tries = 0;
      tries < 50 && (feed.needsJoin || feed.position.epoch < epoch || feed.position.seq < head);
      tries++
    ) {
      if (!feed.needsJoin) feed.resync();
      join();
    }
    return { feed, head, epoch, newest, shown, applied };
  }

  it.each(Array.from({ length: 200 }, (_, index) => index + 1))(
    "shows every danmaku once and no frame twice (seed %i)",
    (seed) => {
      const run = drive(seed);
      expect(run.feed.position).toMatchObject({ epoch: run.epoch, seq: run.head });
      expect(new Set(run.applied).size).toBe(run.applied.length);
      expect([...run.shown].sort((a, b) => a - b)).toEqual(Array.from({ length: run.newest }, (_, index) => index + 1));
    },
  );
});
