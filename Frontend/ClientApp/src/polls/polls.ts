import type { Pk, PkTally, Poll, PollTally } from "../wire/types";

/** Closed polls and PKs that a long stay remembers; the server has them all. */
export const maxClosedKept = 20;

function trimmed<T extends { closed: boolean }>(items: readonly T[]): readonly T[] {
  let spare = items.filter((item) => item.closed).length - maxClosedKept;
  return spare <= 0 ? items : items.filter((item) => !item.closed || spare-- <= 0);
}

/** Polls as the server sends them whole. A frame goes to everybody and has no choices: one's own stay as they were. */
export function withPolls(known: readonly Poll[], sent: readonly Poll[]): readonly Poll[] {
  const next = [...known];
  for (const poll of sent) {
    const at = next.findIndex((other) => other.pollId === poll.pollId);
    const mine = poll.myChoices ?? next[at]?.myChoices;
    const whole = mine ? { ...poll, myChoices: mine } : poll;
    if (at < 0) next.push(whole);
    else next[at] = whole;
  }
  return trimmed(next);
}

/** Counts as they are now. One that has closed is final: nothing late changes it. */
export function withPollTallies(known: readonly Poll[], tallies: readonly PollTally[]): readonly Poll[] {
  return known.map((poll) => {
    const tally = tallies.findLast((other) => other.pollId === poll.pollId);
    if (!tally || poll.closed) return poll;
    return { ...poll, counts: tally.counts, voters: tally.voters, closed: tally.closed };
  });
}

/** This user's ballot was taken: the counts follow with the next tally. */
export function withBallot(known: readonly Poll[], pollId: string, choices: readonly number[]): readonly Poll[] {
  return known.map((poll) => (poll.pollId === pollId ? { ...poll, myChoices: [...choices] } : poll));
}

export function withPks(known: readonly Pk[], sent: readonly Pk[]): readonly Pk[] {
  const next = known.filter((pk) => !sent.some((other) => other.pkId === pk.pkId));
  return trimmed([...next, ...sent]);
}

export function withPkTallies(known: readonly Pk[], tallies: readonly PkTally[]): readonly Pk[] {
  return known.map((pk) => {
    const tally = tallies.findLast((other) => other.pkId === pk.pkId);
    if (!tally || pk.closed) return pk;
    return { ...pk, leftPoints: tally.leftPoints, rightPoints: tally.rightPoints, closed: tally.closed };
  });
}

/** `open`: can be voted in; `voted`: has been; `counting`: the time is up, the result is on its way. */
export type PollPhase = "open" | "voted" | "counting" | "closed";

export interface PollBar {
  label: string;
  count: number;
  /** Of those who voted, 0 to 1: with several choices the shares add up to more than 1. */
  share: number;
  mine: boolean;
  leads: boolean;
}

export interface PollCardState {
  phase: PollPhase;
  /** Whole seconds until it closes. */
  secondsLeft: number;
  bars: readonly PollBar[];
}

export function secondsUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / 1000));
}

export function pollCard(poll: Poll, now: number): PollCardState {
  const most = Math.max(0, ...poll.counts);
  const bars = poll.options.map((label, index) => {
    const count = poll.counts[index] ?? 0;
    return {
      label,
      count,
      share: poll.voters === 0 ? 0 : count / poll.voters,
      mine: poll.myChoices?.includes(index) ?? false,
      leads: most > 0 && count === most,
    };
  });
  const secondsLeft = poll.closed ? 0 : secondsUntil(poll.closesAt, now);
  const voted = (poll.myChoices?.length ?? 0) > 0;
  const phase = poll.closed ? "closed" : secondsLeft === 0 ? "counting" : voted ? "voted" : "open";
  return { phase, secondsLeft, bars };
}

/** A ballot after a press on an option: with a single choice it is the only one, otherwise it comes or goes. */
export function toggled(chosen: readonly number[], option: number, multiple: boolean): readonly number[] {
  if (!multiple) return [option];
  return chosen.includes(option)
    ? chosen.filter((other) => other !== option)
    : [...chosen, option].sort((a, b) => a - b);
}

/** The left side's part of a PK's bar, 0 to 1; halves while nobody has cheered. */
export function leftShare(pk: Pick<Pk, "leftPoints" | "rightPoints">): number {
  const all = pk.leftPoints + pk.rightPoints;
  return all === 0 ? 0.5 : pk.leftPoints / all;
}
