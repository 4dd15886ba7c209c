import { useEffect, useState } from "preact/hooks";

/** The time of a clock, followed while `running`; countdowns need no more than a few steps a second. */
export function useNow(clock: { now(): number }, running: boolean, everyMs = 250): number {
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => {
    setNow(clock.now());
    if (!running) return;
    const timer = setInterval(() => setNow(clock.now()), everyMs);
    return () => clearInterval(timer);
  }, [clock, running, everyMs]);
  return now;
}

/** 75 as 1:15, 3,700 as 1:01:40. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (part: number) => String(part).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

const daySeconds = 86_400;

/** Hours, minutes and seconds with two digits each, as a countdown shows them; whole days apart. */
export function countdownParts(seconds: number): { days: number; digits: readonly string[] } {
  const whole = Math.max(0, Math.floor(seconds));
  const within = whole % daySeconds;
  const pad = (part: number) => String(Math.floor(part)).padStart(2, "0");
  const digits = [pad(within / 3600), pad((within % 3600) / 60), pad(within % 60)];
  const days = Math.floor(whole / daySeconds);
  return { days, digits: days === 0 && within < 3600 ? digits.slice(1) : digits };
}
