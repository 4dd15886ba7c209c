import { useEffect, useState } from "preact/hooks";
import { language, text, useTexts } from "../i18n";
import { isMessageKey } from "../i18n/messages";
import { FormError } from "../shell/form-parts";
import { useNames } from "../shell/names";
import { useWork } from "../shell/work";
import type { AuditItem } from "../wire/host-types";
import { hostApi } from "../wire/room-api";

const pageSize = 50;
/** Acts that are shown at most: who needs older ones reads the log. */
const maxShown = 1_000;

/** What the host and the moderators did, newest first. */
export function AuditTab({ roomId }: { roomId: string }) {
  const t = useTexts();
  const [items, setItems] = useState<readonly AuditItem[]>([]);
  const [next, setNext] = useState<number | null>(null);
  const { busy, error, run } = useWork();
  const load = (before: number | null) =>
    run(async () => {
      const page = await hostApi.audit(roomId, before, pageSize);
      setItems((known) => (before === null ? page.items : [...known, ...page.items]));
      setNext(page.next ?? null);
    });
  useEffect(() => void load(null), [roomId]);
  const people = items.flatMap((item) => [item.by, item.userId]).filter((id) => typeof id === "string");
  const nameOf = useNames(people);
  return (
    <div class="console-stack">
      <div class="form-buttons">
        <button type="button" class="button quiet small" disabled={busy} onClick={() => void load(null)}>
          {t("app.refresh")}
        </button>
      </div>
      <FormError text={error} />
      {items.length === 0 && !busy && <p class="card-empty">{t("audit.empty")}</p>}
      <ol class="audit-list" data-testid="audit">
        {items.map((item) => (
          <li key={item.id} data-testid="audit-item" data-act={item.act}>
            <time dateTime={new Date(item.at).toISOString()}>{timeText(item.at)}</time>
            <span>{sentence(item, nameOf)}</span>
          </li>
        ))}
      </ol>
      {next !== null && items.length < maxShown && (
        <button type="button" class="button quiet wide" disabled={busy} onClick={() => void load(next)}>
          {t("app.more")}
        </button>
      )}
    </div>
  );
}

function timeText(at: number): string {
  return new Date(at).toLocaleTimeString(language.value === "zh" ? "zh-CN" : "en", { hour12: false });
}

function sentence(item: AuditItem, nameOf: (id: string) => string): string {
  const key = `audit.${item.act}`;
  const values = {
    by: item.by ? nameOf(item.by) : "",
    who: item.userId ? nameOf(item.userId) : "",
    text: item.text ?? "",
    until: item.until ? timeText(item.until) : "",
  };
  if (item.act === "muted" && item.until) return text("audit.mutedUntil", values);
  // What has no text of its own would end in a colon.
  return isMessageKey(key) ? text(key, values).replace(/\s*[:\uff1a]\s*$/, "") : `${values.by} ${item.act}`;
}
