import { secondsUntil } from "../polls/polls";
import type { Draw, DrawTally } from "../wire/types";

/** Results that a long stay remembers; the server has them all. */
export const maxResultsKept = 20;

export function withDraws(known: readonly Draw[], sent: readonly Draw[]): readonly Draw[] {
  const next = [...known];
  for (const draw of sent) {
    const at = next.findIndex((other) => other.drawId === draw.drawId);
    if (at < 0) next.push(draw);
    else if (draw.winnerIds || !next[at]!.winnerIds) next[at] = draw;
  }
  let spare = next.filter((draw) => draw.winnerIds).length - maxResultsKept;
  return next.filter((draw) => !draw.winnerIds || spare-- <= 0);
}

/** A draw with its result is final: a tally that comes late changes nothing. */
export function withDrawTallies(known: readonly Draw[], tallies: readonly DrawTally[]): readonly Draw[] {
  return known.map((draw) => {
    const tally = tallies.findLast((other) => other.drawId === draw.drawId);
    return tally && !draw.winnerIds ? { ...draw, entrants: tally.entrants, closed: tally.closed } : draw;
  });
}

/** `drawing`: nobody can enter any more, and the result is on its way. */
export type DrawPhase = "open" | "joined" | "drawing" | "won" | "lost" | "decided";

export interface DrawCardState {
  phase: DrawPhase;
  secondsLeft: number;
}

/** `lost` is said only to who is known to have entered. */
export function drawCard(draw: Draw, now: number, joined: boolean, userId: string | undefined): DrawCardState {
  if (draw.winnerIds) {
    const won = userId !== undefined && draw.winnerIds.includes(userId);
    return { phase: won ? "won" : joined ? "lost" : "decided", secondsLeft: 0 };
  }
  const secondsLeft = draw.closed ? 0 : secondsUntil(draw.closesAt, now);
  return { phase: secondsLeft === 0 ? "drawing" : joined ? "joined" : "open", secondsLeft };
}
