import { useState } from "preact/hooks";
import { text } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import { codeOf } from "../wire/problem";

/** One piece of work at a time, with what went wrong said in words. */
export function useWork() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setError("");
    try {
      await work();
      return true;
    } catch (problem) {
      setError(text(errorKey(codeOf(problem))));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, run, setError };
}
