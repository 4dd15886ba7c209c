import { useEffect, useRef } from "preact/hooks";

/**
 * Asks for what the hub does not stream: when the page opens, again and again while somebody looks at it, and at once
 * when somebody comes back to it. Answers what asks by hand.
 */
export function useRefresh(everyMs: number, load: (gone: () => boolean) => void): () => void {
  const latest = useRef(load);
  latest.current = load;
  const left = useRef(false);
  const ask = () => latest.current(() => left.current);
  useEffect(() => {
    left.current = false;
    const seen = () => document.visibilityState === "visible" && ask();
    ask();
    const timer = setInterval(seen, everyMs);
    document.addEventListener("visibilitychange", seen);
    return () => {
      left.current = true;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [everyMs]);
  return ask;
}
