import { describe, expect, it } from "vitest";
import { drawCard, maxResultsKept, withDraws } from "../src/draws/draws";
import { leftShare, maxClosedKept, pollCard, toggled, withBallot, withPolls } from "../src/polls/polls";
import { inOrder, withQuestions, withUpvote } from "../src/questions/questions";
import { cardOf, chipsOf } from "../src/room/dock";
import { areaShare, readPrefs, usualPrefs } from "../src/room/fly-prefs";
import { ServerClock } from "../src/wire/server-clock";
import { chartPoints, RoomSeries, roundTop, seriesSeconds } from "../src/host/series";
import { clockText } from "../src/shell/now";
import { counters, draw, event, poll, question, things } from "./things";

describe("a poll's card", () => {
  it("counts down, then waits for the result, then shows it", () => {
    expect(pollCard(poll(), 1_000)).toMatchObject({ phase: "open", secondsLeft: 60 });
    expect(pollCard(poll(), 60_001)).toMatchObject({ phase: "open", secondsLeft: 1 });
    expect(pollCard(poll(), 61_000)).toMatchObject({ phase: "counting", secondsLeft: 0 });
    expect(pollCard(poll({ closed: true }), 5_000)).toMatchObject({ phase: "closed", secondsLeft: 0 });
  });

  it("has bars of those who voted, with one's own choice and who leads", () => {
    const voted = withBallot([poll({ counts: [1, 3, 3], voters: 4, multiple: true })], "1", [1])[0]!;
    const card = pollCard(voted, 1_000);
    expect(card.phase).toBe("voted");
    expect(card.bars.map((bar) => bar.share)).toEqual([0.25, 0.75, 0.75]);
    expect(card.bars.map((bar) => bar.mine)).toEqual([false, true, false]);
    expect(card.bars.map((bar) => bar.leads)).toEqual([false, true, true]);
  });

  it("has empty bars while nobody has voted, and nobody leads", () => {
    expect(pollCard(poll(), 1_000).bars).toEqual(
      ["Tea", "Coffee", "Both"].map((label) => ({ label, count: 0, share: 0, mine: false, leads: false })),
    );
  });

  it("takes one choice, or several that come and go", () => {
    expect(toggled([0], 2, false)).toEqual([2]);
    expect(toggled([2], 0, true)).toEqual([0, 2]);
    expect(toggled([0, 2], 2, true)).toEqual([0]);
  });

  it("of long ago goes, an open one never", () => {
    const many = Array.from({ length: maxClosedKept + 5 }, (_, id) => poll({ pollId: `c${id}`, closed: true }));
    const kept = withPolls([poll({ pollId: "open" })], many);
    expect(kept).toHaveLength(maxClosedKept + 1);
    expect(kept[0]!.pollId).toBe("open");
    expect(kept.at(-1)!.pollId).toBe(`c${maxClosedKept + 4}`);
  });
});

describe("a PK's bar", () => {
  it("is split by points, and even before the first", () => {
    expect(leftShare({ leftPoints: 0, rightPoints: 0 })).toBe(0.5);
    expect(leftShare({ leftPoints: 3, rightPoints: 1 })).toBe(0.75);
  });
});

describe("a draw's card", () => {
  const result = draw({ closed: true, winnerIds: ["7"] });

  it("can be entered until the cut-off, then is drawn", () => {
    expect(drawCard(draw(), 1_000, false, "7")).toEqual({ phase: "open", secondsLeft: 60 });
    expect(drawCard(draw(), 1_000, true, "7")).toEqual({ phase: "joined", secondsLeft: 60 });
    expect(drawCard(draw(), 61_000, true, "7").phase).toBe("drawing");
    expect(drawCard(draw({ closed: true }), 1_000, false, "7").phase).toBe("drawing");
  });

  it("tells who won and who did not, and nothing of the kind to who did not enter", () => {
    expect(drawCard(result, 1, true, "7").phase).toBe("won");
    expect(drawCard(result, 1, true, "8").phase).toBe("lost");
    expect(drawCard(result, 1, false, "8").phase).toBe("decided");
    expect(drawCard(result, 1, false, undefined).phase).toBe("decided");
  });

  it("with its result is not undone by an older word, and old results go", () => {
    expect(withDraws([result], [draw()])).toEqual([result]);
    const many = Array.from({ length: maxResultsKept + 3 }, (_, id) => draw({ drawId: `${id}`, winnerIds: [] }));
    expect(withDraws([], many)).toHaveLength(maxResultsKept);
  });
});

describe("questions", () => {
  it("stand most wanted first, answered ones the last answered first", () => {
    const list = [
      question({ questionId: "a", upvotes: 1, at: 5 }),
      question({ questionId: "b", upvotes: 4, at: 6 }),
      question({ questionId: "c", upvotes: 1, at: 2 }),
      question({ questionId: "d", state: "answered", answeredAt: 1 }),
      question({ questionId: "e", state: "answered", answeredAt: 9 }),
    ];
    expect(inOrder(list, "open").map((one) => one.questionId)).toEqual(["b", "c", "a"]);
    expect(inOrder(list, "answered").map((one) => one.questionId)).toEqual(["e", "d"]);
  });

  it("remember one's own upvote when a frame for everybody brings them again", () => {
    const upvoted = withUpvote([question()], "1");
    expect(withQuestions(upvoted, [question({ upvotes: 3 })])[0]).toMatchObject({ upvotes: 3, upvoted: true });
  });
});

describe("the dock", () => {
  const never = () => false;

  it("has what runs first, then the last results, then questions and fans", () => {
    const room = things({
      polls: [poll({ pollId: "old", closed: true, closesAt: 5 }), poll()],
      draws: [
        draw({ drawId: "a", winnerIds: [], closesAt: 9 }),
        draw({ drawId: "b", winnerIds: [], closesAt: 8 }),
        draw(),
      ],
      questions: [question(), question({ questionId: "2", state: "answered" })],
    });
    const chips = chipsOf(room, 1_000, never);
    expect(chips.map((chip) => chip.card)).toEqual(["poll:1", "draw:9", "draw:a", "draw:b", "questions", "fans"]);
    expect(chips[0]).toMatchObject({ calls: true, secondsLeft: 60, done: false });
    expect(chips[4]!.count).toBe(1);
  });

  it("calls no longer for what was voted in or entered", () => {
    const room = things({ polls: [poll({ myChoices: [0] })], draws: [draw()] });
    expect(chipsOf(room, 1_000, () => true).map((chip) => chip.calls)).toEqual([false, false, false, false]);
  });

  it("brings up what is new, and results of draws that were entered", () => {
    expect(cardOf(event("poll_opened", { poll: poll() }), never)).toBe("poll:1");
    expect(cardOf(event("draw_opened", { draw: draw() }), never)).toBe("draw:9");
    expect(cardOf(event("draw_result", { draw: draw() }), never)).toBeNull();
    expect(cardOf(event("draw_result", { draw: draw() }), () => true)).toBe("draw:9");
    expect(cardOf(event("poll_closed", { poll: poll() }), never)).toBeNull();
  });
});

describe("how danmaku fly", () => {
  it("is read as it was written, and what cannot be used is as usual", () => {
    const mine = { on: false, density: "dense", size: 1.5, opacity: 0.5, area: "half", onlyMine: true };
    expect(readPrefs(JSON.stringify(mine))).toEqual(mine);
    expect(readPrefs(null)).toEqual(usualPrefs);
    expect(readPrefs("{nonsense")).toEqual(usualPrefs);
    expect(readPrefs(JSON.stringify({ density: "thick", size: 40, opacity: "0.5", area: "moon" }))).toEqual(usualPrefs);
    expect(areaShare.half).toBe(0.5);
  });
});

describe("the server's clock", () => {
  it("is as far ahead as the quickest message says", () => {
    let local = 1_000;
    const clock = new ServerClock(() => local);
    expect(clock.now()).toBe(1_000);
    clock.observe(5_900);
    local = 2_000;
    clock.observe(7_000);
    local = 3_000;
    clock.observe(7_500);
    expect(clock.now()).toBe(8_000);
  });
});

describe("a clock set by dates in whole seconds", () => {
  const at = (local: number, ...dates: number[]) => {
    const clock = new ServerClock(() => local);
    for (const date of dates) clock.observeDate(date);
    return clock;
  };

  it("is left alone when it is right within what they can tell", () => {
    expect(at(10_900, 10_000).now()).toBe(10_900);
    expect(at(10_900, 10_000, 10_000).now()).toBe(10_900);
  });

  it("is corrected when it is wrong, and never behind what the server wrote", () => {
    expect(at(10_000, 70_000).now()).toBe(70_000);
    expect(at(70_000, 10_000).now()).toBe(11_500);
    expect(at(10_000, 10_000, 12_000).now()).toBe(12_000);
  });

  it("goes by frames as soon as there is one", () => {
    const clock = at(10_900, 10_000);
    clock.observe(10_400);
    expect(clock.now()).toBe(10_400);
    clock.observeDate(10_000);
    expect(clock.now()).toBe(10_400);
    clock.observeDate(11_000);
    expect(clock.now()).toBe(11_000);
  });
});

describe("the host's charts", () => {
  it("show counters second by second, a fall as nothing, and no more than two minutes", () => {
    const series = new RoomSeries();
    for (const danmaku of [10, 13, 13, 2, 5]) series.sample({ ...counters, danmaku, viewers: danmaku });
    expect(series.danmaku).toEqual([0, 3, 0, 0, 3]);
    expect(series.viewers).toEqual([10, 13, 13, 2, 5]);
    for (let i = 0; i < seriesSeconds + 5; i++) series.sample(counters);
    expect(series.likes).toHaveLength(seriesSeconds);
  });

  it("have the newest value at the right edge, the highest at the top", () => {
    expect(chartPoints([0, 10], 119, 50, 10)).toBe("118.0,50.0 119.0,0.0");
    expect(chartPoints([0], 119, 50, 0)).toBe("119.0,50.0");
  });

  it.each([
    [[], 1],
    [[1], 1],
    [[3], 5],
    [[10], 10],
    [[11, 4], 20],
    [[4_321], 5_000],
  ])("of %j go up to %i", (values, top) => expect(roundTop(values)).toBe(top));
});

describe("a time", () => {
  it("is written as people do", () => {
    expect([0, 9.9, 75, 3_700].map(clockText)).toEqual(["0:00", "0:09", "1:15", "1:01:40"]);
  });
});
