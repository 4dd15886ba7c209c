import { describe, expect, it } from "vitest";
import { maxMutedKnown, sayOf, thingsAfter, thingsAtJoin, withHeld, withoutMine } from "../src/room/room-view";
import type { RoomEvent } from "../src/wire/types";
import { draw, event, frame, join, pk, poll, question, things } from "./things";

const after = (before: ReturnType<typeof things>, ...events: RoomEvent[]) => thingsAfter(before, frame({ events }));

describe("a join", () => {
  it("brings what the room has, and what was pinned", () => {
    const sent = {
      polls: [poll({ myChoices: [1] })],
      pks: [pk()],
      questions: [question()],
      draws: [draw()],
      pinned: { at: 1, text: "Welcome" },
      moderators: ["7"],
    };
    expect(thingsAtJoin(things(), join(sent))).toMatchObject({ ...sent, questions: [{ questionId: "1" }] });
  });

  it("keeps own choices that a snapshot without them would lose", () => {
    const before = things({ polls: [poll({ myChoices: [2] })] });
    expect(thingsAtJoin(before, join({ polls: [poll({ voters: 4 })] })).polls[0]).toMatchObject({
      myChoices: [2],
      voters: 4,
    });
  });

  it("drops open questions that were taken away meanwhile, when the answer holds all that are open", () => {
    const before = things({ questions: [question(), question({ questionId: "2" })] });
    const now = thingsAtJoin(before, join({ questions: [question({ questionId: "2", upvotes: 3 })] }));
    expect(now.questions.map((one) => one.questionId)).toEqual(["2"]);
  });

  it("keeps questions that an answer cut off at the most wanted may have left out", () => {
    const top = Array.from({ length: 20 }, (_, index) => question({ questionId: `t${index}`, upvotes: 9 }));
    const before = things({ questions: [question({ questionId: "low" })] });
    const now = thingsAtJoin(before, join({ questions: top }));
    expect(now.questions.map((one) => one.questionId)).toContain("low");
  });
});

describe("events", () => {
  it("of polls open them, and close them with the final counts", () => {
    const open = after(things(), event("poll_opened", { poll: poll() }));
    expect(open.polls).toHaveLength(1);
    const closed = after(open, event("poll_closed", { poll: poll({ closed: true, counts: [1, 2, 0], voters: 3 }) }));
    expect(closed.polls).toEqual([expect.objectContaining({ closed: true, counts: [1, 2, 0], voters: 3 })]);
  });

  it("of polls keep this user's own ballot, which a frame for everybody has not", () => {
    const before = things({ polls: [poll({ myChoices: [0] })] });
    expect(after(before, event("poll_closed", { poll: poll({ closed: true }) })).polls[0]!.myChoices).toEqual([0]);
  });

  it("of PKs open them, and close them with a winner", () => {
    const open = after(things(), event("pk_opened", { pk: pk() }));
    const closed = after(open, event("pk_closed", { pk: pk({ closed: true, leftPoints: 3, winner: "left" }) }));
    expect(closed.pks).toEqual([expect.objectContaining({ closed: true, winner: "left" })]);
  });

  it("of questions ask, answer and take away", () => {
    const asked = after(things(), event("question", { question: question() }));
    expect(asked.questions).toHaveLength(1);
    const answer = question({ state: "answered", answer: "Because", answeredAt: 5 });
    const answered = after(asked, event("question_answered", { question: answer }));
    expect(answered.questions).toEqual([expect.objectContaining({ state: "answered", answer: "Because" })]);
    expect(after(asked, event("question_dismissed", { questionId: "1" })).questions).toEqual([]);
  });

  it("of draws open them and bring the result", () => {
    const open = after(things(), event("draw_opened", { draw: draw() }));
    const result = draw({ closed: true, seed: "0".repeat(64), winnerIds: ["7"], entrants: 3 });
    expect(after(open, event("draw_result", { draw: result })).draws).toEqual([result]);
  });

  it("of the pin replace and remove it", () => {
    const pinned = after(things(), event("pinned", { pin: { at: 3, pollId: "1" } }));
    expect(pinned.pinned).toEqual({ at: 3, pollId: "1" });
    expect(after(pinned, event("unpinned")).pinned).toBeNull();
  });

  it("of rules and people change them", () => {
    const shielded = after(
      things(),
      event("settings", { settings: { slowModeSeconds: 30, followersOnly: true, hold: "suspicious", shield: true } }),
    );
    expect(shielded.settings).toMatchObject({ slowModeSeconds: 30, hold: "suspicious", shield: true });
    const made = after(things(), event("moderator", { userId: "7", moderator: true }));
    expect(made.moderators).toEqual(["7"]);
    expect(after(made, event("moderator", { userId: "7", moderator: false })).moderators).toEqual([]);
  });

  it("of mutes say until when, and lift them; not without bound", () => {
    const muted = after(things(), event("muted", { userId: "7", muted: true, until: 99 }));
    expect(muted.muted.get("7")).toBe(99);
    const forGood = after(muted, event("muted", { userId: "7", muted: true }));
    expect(forGood.muted.get("7")).toBeNull();
    expect(after(forGood, event("muted", { userId: "7", muted: false })).muted.size).toBe(0);
    const many = Array.from({ length: maxMutedKnown + 9 }, (_, id) => event("muted", { userId: `${id}`, muted: true }));
    expect(after(things(), ...many).muted.size).toBe(maxMutedKnown);
  });

  it("of a review let a held line go when it was approved, and mark it when it was not", () => {
    const before = things({ held: withHeld(withHeld([], 4, "first"), 5, "second") });
    const now = after(
      before,
      event("reviewed", { heldId: 4, approved: true, seq: 77 }),
      event("reviewed", { heldId: 5, approved: false }),
    );
    expect(now.held).toEqual([{ heldId: 5, text: "second", refused: true }]);
  });

  it("of the show start and end it", () => {
    expect(after(things(), event("ended")).room).toMatchObject({ state: "ended", endedAt: 2_000 });
    expect(after(things(), event("started")).room).toMatchObject({ state: "live", startedAt: 2_000 });
  });

  it("of a kind unknown here change nothing", () => {
    const before = things({ polls: [poll()] });
    expect(after(before, event("full_moon", { poll: poll({ closed: true }) }))).toEqual(before);
  });
});

describe("tallies", () => {
  it("are the counts as they are now", () => {
    const before = things({ polls: [poll()], pks: [pk()], questions: [question()], draws: [draw()] });
    const now = thingsAfter(
      before,
      frame({
        polls: [{ pollId: "1", counts: [2, 1, 0], voters: 3, closed: false }],
        pks: [{ pkId: "5", leftPoints: 8, rightPoints: 2, closed: false }],
        questions: [{ questionId: "1", upvotes: 6 }],
        draws: [{ drawId: "9", entrants: 12, closed: true }],
      }),
    );
    expect(now.polls[0]).toMatchObject({ counts: [2, 1, 0], voters: 3 });
    expect(now.pks[0]).toMatchObject({ leftPoints: 8, rightPoints: 2 });
    expect(now.questions[0]).toMatchObject({ upvotes: 6 });
    expect(now.draws[0]).toMatchObject({ entrants: 12, closed: true });
  });

  it("count what an event of the same frame has opened, and do not reopen what it has closed", () => {
    const tally = { pollId: "1", counts: [1, 0, 0], voters: 1, closed: false };
    const opened = thingsAfter(things(), frame({ events: [event("poll_opened", { poll: poll() })], polls: [tally] }));
    expect(opened.polls[0]!.voters).toBe(1);
    const final = poll({ closed: true, counts: [5, 0, 0], voters: 5 });
    const closed = thingsAfter(opened, frame({ events: [event("poll_closed", { poll: final })], polls: [tally] }));
    expect(closed.polls[0]).toMatchObject({ closed: true, voters: 5, counts: [5, 0, 0] });
  });

  it("that come after a draw's result do not change it", () => {
    const before = things({ draws: [draw({ winnerIds: ["7"], entrants: 3, closed: true })] });
    expect(thingsAfter(before, frame({ draws: [{ drawId: "9", entrants: 2, closed: false }] })).draws).toEqual(
      before.draws,
    );
  });

  it("of what this page does not know are passed over", () => {
    const now = thingsAfter(things(), frame({ polls: [{ pollId: "8", counts: [1], voters: 1, closed: false }] }));
    expect(now.polls).toEqual([]);
  });
});

describe("another login", () => {
  it("takes nothing over from the one before", () => {
    const before = things({
      polls: [poll({ myChoices: [1], counts: [0, 1, 0] })],
      questions: [question({ upvoted: true, upvotes: 2 })],
      held: withHeld([], 4, "mine"),
    });
    const now = withoutMine(before);
    expect(now.polls[0]).toMatchObject({ myChoices: null, counts: [0, 1, 0] });
    expect(now.questions[0]).toMatchObject({ upvoted: null, upvotes: 2 });
    expect(now.held).toEqual([]);
    expect(thingsAtJoin(now, join({ polls: [poll()] })).polls[0]!.myChoices ?? null).toBeNull();
  });
});

describe("a held line", () => {
  it("goes when a snapshot shows that it was approved while this page was away", () => {
    const before = things({ held: withHeld(withHeld([], 4, "shown now"), 5, "still waiting") });
    const recent = [
      { seq: 9, userId: "7", name: "Ann", text: "shown now", mode: "scroll" as const, color: "#ffffff", at: 1 },
    ];
    expect(thingsAtJoin(before, join({ recent })).held.map((line) => line.heldId)).toEqual([5]);
  });
});

describe("a say", () => {
  it("has the host, the moderators in part, and nobody else", () => {
    const now = things({ moderators: ["7"] });
    expect(["2", "7", "8", undefined].map((user) => sayOf(now, user))).toEqual(["host", "moderator", "none", "none"]);
  });
});
