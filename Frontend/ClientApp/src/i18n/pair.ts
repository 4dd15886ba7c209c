/** A text in Chinese and in English. {name} marks what is filled in. */
export type Pair = readonly [zh: string, en: string];
