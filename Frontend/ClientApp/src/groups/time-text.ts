import { language, text } from "../i18n";
import { daysBetween } from "./days";

const locales = { zh: "zh-CN", en: "en" } as const;

function form(options: Intl.DateTimeFormatOptions, at: number): string {
  return new Intl.DateTimeFormat(locales[language.value], options).format(at);
}

export function clockTime(at: number): string {
  return form({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, at);
}

/** The day as a line between messages says it. */
export function dayText(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return text("groups.today");
  if (days === 1) return text("groups.yesterday");
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : { year: "numeric" as const };
  return form({ month: "long", day: "numeric", weekday: "short", ...year }, at);
}

/** When something was, short: the time today, else the day. */
export function shortTime(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days <= 0) return clockTime(at);
  if (days === 1) return text("groups.yesterday");
  return form(days < 300 ? { month: "numeric", day: "numeric" } : { year: "numeric", month: "numeric" }, at);
}

/** Day and time, for what lies ahead. */
export function wholeTime(at: number): string {
  return form({ month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, at);
}
