import { useEffect, useState } from "preact/hooks";
import { api } from "../wire/api";

/** Names that are remembered for the whole page; the oldest go first. */
const maxNames = 2_000;
const known = new Map<string, string>();
const underWay = new Map<string, Promise<void>>();

function fetchName(id: string): Promise<void> {
  const before = underWay.get(id);
  if (before) return before;
  const asked = api
    .user(id)
    .then(
      (user) => {
        known.set(id, user.name);
        for (const oldest of known.keys()) if (known.size > maxNames) known.delete(oldest);
      },
      () => undefined,
    )
    .finally(() => underWay.delete(id));
  underWay.set(id, asked);
  return asked;
}

/** A user's name, or the end of the id until it is known. */
export function useNames(ids: readonly string[]): (id: string) => string {
  const [, setRound] = useState(0);
  const wanted = [...new Set(ids)].join();
  useEffect(() => {
    let gone = false;
    const missing = wanted.split(",").filter((id) => id !== "" && !known.has(id));
    for (const id of missing) void fetchName(id).then(() => !gone && setRound((round) => round + 1));
    return () => {
      gone = true;
    };
  }, [wanted]);
  return (id) => known.get(id) ?? `#${id.slice(-6)}`;
}
