import { countText, useTexts } from "../i18n";
import { Avatar } from "../shell/avatar";
import { Empty, Retry } from "../shell/form-parts";
import { BubbleIcon, PlusIcon } from "../shell/icons";
import { useNow } from "../shell/now";
import { Link } from "../shell/router";
import { useStore } from "../shell/store";
import type { ListedGroup } from "../wire/group-types";
import { serverClock } from "../wire/server-clock";
import type { GroupsSession } from "./groups-session";
import { previewOf } from "./preview";
import { shortTime } from "./time-text";

interface GroupListProps {
  talk: GroupsSession;
  groupId: string | null;
  onNew: () => void;
}

export function GroupList({ talk, groupId, onNew }: GroupListProps) {
  const t = useTexts();
  const list = useStore(talk.list);
  const failed = useStore(talk.failed);
  const now = useNow(serverClock, true, 60_000);
  return (
    <section class="group-list" aria-labelledby="groups-title">
      <header class="group-list-head">
        <h2 id="groups-title">{t("groups.title")}</h2>
        <button type="button" class="icon-button" aria-label={t("groups.new")} onClick={onNew} data-testid="new-group">
          <PlusIcon />
        </button>
      </header>
      {list === null && !failed && <Skeletons />}
      {list === null && failed && (
        <Retry text={t("groups.failed")} label={t("app.retry")} onRetry={() => void talk.refresh()} />
      )}
      {list?.length === 0 && (
        <Empty title={t("groups.empty")} text={t("groups.emptyText")} art={<BubbleIcon />}>
          <button type="button" class="button primary" onClick={onNew}>
            {t("groups.new")}
          </button>
        </Empty>
      )}
      {list && list.length > 0 && (
        <ul class="group-items" aria-label={t("groups.list")}>
          {list.map((group) => (
            <li key={group.groupId}>
              <Item group={group} current={group.groupId === groupId} userId={talk.userId} now={now} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface ItemProps {
  group: ListedGroup;
  current: boolean;
  userId: string | undefined;
  now: number;
}

function Item({ group, current, userId, now }: ItemProps) {
  const t = useTexts();
  const last = group.lastMessage ? previewOf(group.lastMessage, group, userId) : t("groups.noMessages");
  return (
    <Link
      to={`/groups/${group.groupId}`}
      class={`group-item${current ? " current" : ""}`}
      aria-label={t("groups.item", { name: group.name, unread: group.unread, last })}
      data-testid="group-item"
      data-group-id={group.groupId}
      data-unread={group.unread}
    >
      <Avatar id={group.peerId ?? group.groupId} name={group.name} size="medium" />
      <span class="group-item-words">
        <span class="group-item-name">{group.name}</span>
        <span class="group-item-last">
          {group.unreadMentions > 0 && <b>[{t("groups.mentioned")}] </b>}
          {last}
        </span>
      </span>
      <span class="group-item-side">
        <span>{shortTime(group.lastMessage?.at ?? group.createdAt, now)}</span>
        {group.unread > 0 && <span class="badge">{group.unread > 99 ? "99+" : countText(group.unread)}</span>}
      </span>
    </Link>
  );
}

function Skeletons() {
  const t = useTexts();
  return (
    <div class="group-items" role="status" aria-label={t("app.loading")}>
      {[0, 1, 2, 3].map((n) => (
        <div class="group-item" key={n}>
          <span class="avatar avatar-medium skeleton" />
          <span class="group-item-words">
            <span class="skeleton line short" />
            <span class="skeleton line" />
          </span>
        </div>
      ))}
    </div>
  );
}
