import { recall, remember } from "../shell/storage";
import { Store, useStore } from "../shell/store";
import { format, type Language, type MessageKey } from "./messages";

const storageKey = "rednote.language";

function initialLanguage(): Language {
  const kept = recall(storageKey);
  if (kept === "zh" || kept === "en") return kept;
  const first = navigator.languages?.[0] ?? navigator.language ?? "en";
  return first.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const language = new Store<Language>(initialLanguage());

function apply(): void {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
}

apply();
language.subscribe(apply);

export function switchLanguage(): void {
  const next = language.value === "zh" ? "en" : "zh";
  remember(storageKey, next);
  language.set(next);
}

export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

/** The texts of the current language; the component follows a switch. */
export function useTexts(): Translate {
  const current = useStore(language);
  return (key, values) => format(current, key, values);
}

export function text(key: MessageKey, values?: Readonly<Record<string, string | number>>): string {
  return format(language.value, key, values);
}

const compact: Record<Language, Intl.NumberFormat> = {
  zh: new Intl.NumberFormat("zh-CN", { notation: "compact", maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }),
};

/** 12,345 as people write it on a counter: 1.2万 or 12.3K; below ten thousand it is exact. */
export function countText(value: number): string {
  return value < 10_000 ? String(value) : compact[language.value].format(value);
}
