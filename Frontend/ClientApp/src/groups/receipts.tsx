import { useEffect, useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { Avatar } from "../shell/avatar";
import { Dialog } from "../shell/dialog";
import { Retry } from "../shell/form-parts";
import { useWork } from "../shell/work";
import { groupApi } from "../wire/group-api";
import type { Receipts } from "../wire/group-types";

/** Who has read a message. */
export function ReceiptsDialog({ groupId, seq, onClose }: { groupId: string; seq: number; onClose: () => void }) {
  const t = useTexts();
  const [receipts, setReceipts] = useState<Receipts | null>(null);
  const { error, run } = useWork();
  const load = () => void run(async () => setReceipts(await groupApi.receipts(groupId, seq)));
  useEffect(load, [groupId, seq]);
  return (
    <Dialog title={t("receipts.title")} onClose={onClose}>
      {error && <Retry text={error} label={t("app.retry")} onRetry={load} />}
      {!receipts && !error && <div class="skeleton block" role="status" aria-label={t("app.loading")} />}
      {receipts && (
        <div data-testid="receipts" data-read={receipts.read} data-unread={receipts.unread}>
          <p class="dialog-text">{t("receipts.counts", { read: receipts.read, unread: receipts.unread })}</p>
          <ul class="people-list">
            {receipts.readers.map((reader) => (
              <li class="person" key={reader.userId}>
                <Avatar id={reader.userId} name={reader.name} />
                <span>{reader.name}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Dialog>
  );
}
