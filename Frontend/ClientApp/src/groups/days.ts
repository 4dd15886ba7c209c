const startOfDay = (at: number) => new Date(at).setHours(0, 0, 0, 0);

/** Whole days between two times, by the calendar. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((startOfDay(later) - startOfDay(earlier)) / 86_400_000);
}

export function isSameDay(a: number, b: number): boolean {
  return startOfDay(a) === startOfDay(b);
}
