import { drawCard } from "../draws/draws";
import { pollCard } from "../polls/polls";
import type { RoomEvent } from "../wire/types";
import type { RoomThings } from "./room-view";

/** Names a card: `poll:ID`, `draw:ID`, `questions`, `fans`. */
export type CardName = string;

export interface Chip {
  card: CardName;
  kind: "poll" | "draw" | "questions" | "fans";
  /** Of a countdown; null: nothing runs. */
  secondsLeft: number | null;
  /** Something to do here: not voted, not entered. */
  calls: boolean;
  /** A result, or how many questions there are. */
  done: boolean;
  count: number;
}

/** Results that keep a chip after they are out; older ones make room. */
const resultsWithChip = 2;

/** What can be opened, those that run first. Pure. */
export function chipsOf(things: RoomThings, now: number, joined: (drawId: string) => boolean): readonly Chip[] {
  const running: Chip[] = [];
  const results: (Chip & { at: number })[] = [];
  for (const poll of things.polls) {
    const state = pollCard(poll, now);
    const chip: Chip = {
      card: `poll:${poll.pollId}`,
      kind: "poll",
      secondsLeft: poll.closed ? null : state.secondsLeft,
      calls: state.phase === "open",
      done: poll.closed,
      count: 0,
    };
    if (poll.closed) results.push({ ...chip, at: poll.closesAt });
    else running.push(chip);
  }
  for (const draw of things.draws) {
    const state = drawCard(draw, now, joined(draw.drawId), undefined);
    const decided = draw.winnerIds != null;
    const chip: Chip = {
      card: `draw:${draw.drawId}`,
      kind: "draw",
      secondsLeft: decided ? null : state.secondsLeft,
      calls: state.phase === "open",
      done: decided,
      count: 0,
    };
    if (decided) results.push({ ...chip, at: draw.closesAt });
    else running.push(chip);
  }
  results.sort((a, b) => b.at - a.at);
  const open = things.questions.filter((question) => question.state === "open").length;
  const always = { secondsLeft: null, calls: false, done: false };
  return [
    ...running,
    ...results.slice(0, resultsWithChip).map(({ at: _, ...chip }) => chip),
    { ...always, card: "questions", kind: "questions", count: open },
    { ...always, card: "fans", kind: "fans", count: 0 },
  ];
}

/** The card that an event brings up by itself, if any: what is new, and results of what one took part in. */
export function cardOf(event: RoomEvent, joined: (drawId: string) => boolean): CardName | null {
  const poll = event["poll"] as { pollId: string } | undefined;
  const draw = event["draw"] as { drawId: string } | undefined;
  if (event.kind === "poll_opened" && poll) return `poll:${poll.pollId}`;
  if (event.kind === "draw_opened" && draw) return `draw:${draw.drawId}`;
  if (event.kind === "draw_result" && draw && joined(draw.drawId)) return `draw:${draw.drawId}`;
  return null;
}
