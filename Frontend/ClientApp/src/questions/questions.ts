import type { Question, QuestionTally } from "../wire/types";

/** Answered questions that the page remembers; the server keeps more. */
export const maxAnsweredKept = 100;
/** Open questions that the page remembers: as many as the room keeps. */
export const maxOpenKept = 500;

/** Most wanted first, among equals the earlier; answered ones the last answered first. */
export function inOrder(questions: readonly Question[], state: Question["state"]): readonly Question[] {
  const those = questions.filter((question) => question.state === state);
  return state === "open"
    ? those.sort((a, b) => b.upvotes - a.upvotes || a.at - b.at)
    : those.sort((a, b) => (b.answeredAt ?? 0) - (a.answeredAt ?? 0));
}

/** Questions as the server sends them whole. Whether one has upvoted is known from one's own answers only. */
export function withQuestions(known: readonly Question[], sent: readonly Question[]): readonly Question[] {
  const next = [...known];
  for (const question of sent) {
    const at = next.findIndex((other) => other.questionId === question.questionId);
    const upvoted = question.upvoted ?? next[at]?.upvoted ?? null;
    if (at < 0) next.push({ ...question, upvoted });
    else next[at] = { ...question, upvoted };
  }
  return trimmed(next);
}

export function withQuestionTallies(
  known: readonly Question[],
  tallies: readonly QuestionTally[],
): readonly Question[] {
  return known.map((question) => {
    const tally = tallies.findLast((other) => other.questionId === question.questionId);
    return tally ? { ...question, upvotes: tally.upvotes } : question;
  });
}

export function withoutQuestion(known: readonly Question[], questionId: string): readonly Question[] {
  return known.filter((question) => question.questionId !== questionId);
}

export function withUpvote(known: readonly Question[], questionId: string): readonly Question[] {
  return known.map((question) => (question.questionId === questionId ? { ...question, upvoted: true } : question));
}

function trimmed(questions: readonly Question[]): readonly Question[] {
  const open = inOrder(questions, "open");
  const answered = inOrder(questions, "answered");
  if (open.length <= maxOpenKept && answered.length <= maxAnsweredKept) return questions;
  return [...open.slice(0, maxOpenKept), ...answered.slice(0, maxAnsweredKept)];
}
