/** Deals items of given heights into columns, each to the shortest so far, so that the wall ends evenly. Pure. */
export function dealIntoColumns<T>(items: readonly T[], columns: number, heightOf: (item: T) => number): T[][] {
  const dealt: T[][] = Array.from({ length: columns }, () => []);
  const heights = new Array<number>(columns).fill(0);
  for (const item of items) {
    let shortest = 0;
    for (let i = 1; i < columns; i++) if (heights[i]! < heights[shortest]! - 1e-9) shortest = i;
    dealt[shortest]!.push(item);
    heights[shortest]! += heightOf(item);
  }
  return dealt;
}
