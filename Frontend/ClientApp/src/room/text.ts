/** The longest danmaku, in Unicode scalar values after trimming. */
export const maxDanmakuLength = 200;
export const maxQuestionLength = 200;
export const maxPollQuestionLength = 120;
export const maxPollOptionLength = 40;
export const maxPrizeLength = 120;
export const maxPinLength = 200;
export const maxTitleLength = 60;
export const maxNameLength = 24;
export const maxSignatureLength = 100;

/** Length as the server counts it: scalar values of the trimmed text. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text.trim()) length++;
  return length;
}

/** A key for a command that creates something: the same key again gets the first result. */
export function newKey(): string {
  // randomUUID needs a secure context, which a phone on the same network does not have.
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
