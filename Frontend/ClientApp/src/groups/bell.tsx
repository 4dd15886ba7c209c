import { useEffect, useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { Dialog } from "../shell/dialog";
import { Empty } from "../shell/form-parts";
import { BellIcon } from "../shell/icons";
import { navigate, route } from "../shell/router";
import { useStore } from "../shell/store";
import type { Notification } from "../wire/group-types";
import { followInbox, myInbox } from "./my-inbox";
import { shortTime } from "./time-text";

/** The bell with how much is new, and what that is. */
export function Bell() {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  const { unread } = useStore(myInbox.view);
  useEffect(followInbox, []);
  useNotifyLink();
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label={unread > 0 ? t("inbox.titleUnread", { n: unread }) : t("inbox.title")}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        data-testid="bell"
        data-unread={unread}
      >
        <BellIcon />
        {unread > 0 && (
          <span class="badge corner" aria-hidden="true">
            {unread > 99 ? "99+" : unread}
          </span>
        )}
      </button>
      {open && <InboxDialog onClose={() => setOpen(false)} />}
    </>
  );
}

/** The page of groups has a connection of its own; elsewhere one is made once the page has come to rest. */
function useNotifyLink(): void {
  const wanted = useStore(route).page !== "groups";
  useEffect(() => {
    if (!wanted) return;
    let close: (() => void) | null = null;
    let gone = false;
    const timer = setTimeout(() => {
      import("./notify-link").then(
        (module) => {
          if (!gone) close = module.openNotifyLink();
        },
        // Out of reach: the next page or visit tries again.
        () => undefined,
      );
    }, settleMs);
    return () => {
      gone = true;
      clearTimeout(timer);
      close?.();
    };
  }, [wanted]);
}

const settleMs = 1_500;

function InboxDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  const { items, hasMore, known } = useStore(myInbox.view);
  const [shown] = useState(() => new Set(items.filter((item) => !item.read).map((item) => item.id)));
  useEffect(() => {
    // What is looked at is read; what was new stays marked while the list is open.
    myInbox.refresh().then(
      () => {
        for (const item of myInbox.view.value.items) if (!item.read) shown.add(item.id);
        return myInbox.read();
      },
      () => undefined,
    );
  }, []);
  const go = (item: Notification) => {
    onClose();
    const to = placeOf(item);
    if (to) navigate(to);
  };
  return (
    <Dialog title={t("inbox.title")} onClose={onClose}>
      {known && items.length === 0 && <Empty title={t("inbox.empty")} art={<BellIcon />} />}
      <ul class="found-list" data-testid="inbox">
        {items.map((item) => (
          <li key={item.id}>
            <button
              type="button"
              class={`found${shown.has(item.id) ? " fresh" : ""}`}
              onClick={() => go(item)}
              data-testid="notification"
              data-kind={item.kind}
            >
              <span class="found-head">
                <b>{titleOf(item, t)}</b>
                <span>{shortTime(item.at, Date.now())}</span>
              </span>
              <span class="found-text">
                {shown.has(item.id) && <span class="unseen">{t("inbox.new")}</span>}
                {item.text}
                {item.count > 1 && ` · ${t("notice.times", { n: item.count })}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {hasMore && (
        <button type="button" class="button quiet wide" onClick={() => void myInbox.older().catch(() => undefined)}>
          {t("inbox.more")}
        </button>
      )}
    </Dialog>
  );
}

function titleOf(item: Notification, t: ReturnType<typeof useTexts>): string {
  return t(`notice.${item.kind}`, { name: item.fromName ?? "", group: item.groupName ?? "" });
}

/** Where a notification leads. */
function placeOf(item: Notification): string | null {
  if (item.kind === "follow") return item.from ? `/user/${item.from}` : null;
  return item.groupId && item.kind !== "group_removed" ? `/groups/${item.groupId}` : null;
}
