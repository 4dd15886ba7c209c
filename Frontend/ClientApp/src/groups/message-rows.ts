import type { Message } from "../wire/group-types";
import { isSameDay } from "./days";

/** Messages of one person that follow within this time stand together. */
const togetherMs = 5 * 60_000;

/** A message and what stands around it. */
export interface Row {
  message: Message;
  /** Whether the day is said above it. */
  startsDay: boolean;
  /** Whether it is the first that was new when the group was opened. */
  startsNew: boolean;
  /** Whether it follows one of the same person, whose name and picture need not be said again. */
  follows: boolean;
}

/** @param readAtOpening The last message that was read when the group was opened. */
export function rowsOf(
  messages: readonly Message[],
  readAtOpening: number,
  userId: string | undefined,
): readonly Row[] {
  const firstNew = messages.find((message) => message.seq > readAtOpening && message.from !== userId);
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const startsDay = !before || !isSameDay(before.at, message.at);
    const startsNew = message === firstNew && readAtOpening > 0;
    const follows =
      !startsDay &&
      !startsNew &&
      before?.from === message.from &&
      before.seq === message.seq - 1 &&
      !before.recalled &&
      !message.recalled &&
      message.at - before.at < togetherMs;
    return { message, startsDay, startsNew, follows };
  });
}

/** Whether this user may change the text: one's own, for a quarter of an hour. The server has the last word. */
export function canEdit(message: Message, userId: string | undefined, now: number): boolean {
  return message.from === userId && !message.recalled && message.text !== "" && now - message.at < 15 * 60_000;
}

/** Whether this user may take it back: one's own for two minutes, as one who runs the group any time. */
export function canRecall(message: Message, userId: string | undefined, runs: boolean, now: number): boolean {
  return !message.recalled && (runs || (message.from === userId && now - message.at < 120_000));
}
