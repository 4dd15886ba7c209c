import { toast } from "./toast";

/** Copies a text and says so, or says something else: the clipboard needs a secure context and permission. */
export async function copy(what: string, copied: string, otherwise: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(what);
    toast(copied);
  } catch {
    toast(otherwise);
  }
}
