import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import type { Message } from "../wire/group-types";
import type { ChatView } from "./chat-view";
import type { Answering } from "./composer";
import type { GroupsSession } from "./groups-session";
import { MessageLine, OutgoingLine, type LineActions } from "./message-line";
import { rowsOf } from "./message-rows";
import { lineOf } from "./preview";
import { dayText } from "./time-text";

/** This close to the end, in pixels, the list follows what comes; this close to the beginning it fetches more. */
const followingWithin = 80;
const fetchWithin = 300;

interface MessageListProps {
  talk: GroupsSession;
  view: ChatView | null;
  /** A message to go to; another object each time. */
  target: { seq: number } | null;
  onAnswer: (answering: Answering) => void;
  onGoTo: (seq: number) => void;
  onReceipts: (seq: number) => void;
}

/** What was said, the newest at the end, which it stays at unless somebody reads further up. */
export function MessageList({ talk, view, target, onAnswer, onGoTo, onReceipts }: MessageListProps) {
  const t = useTexts();
  const scroll = useScroll(talk, view, target);
  const [openMenu, setOpenMenu] = useState<number | null>(null);
  const actions: LineActions = { talk, onAnswer, onGoTo, onReceipts, openMenu, onMenu: setOpenMenu };
  const rows = rowsOf(view?.log.messages ?? [], view?.openedAt ?? 0, talk.userId);
  const now = Date.now();
  return (
    <div class="message-area">
      <ol
        class="message-list"
        ref={scroll.list}
        onScroll={scroll.scrolled}
        tabIndex={0}
        aria-label={t("chat.messages")}
        data-testid="message-list"
      >
        {!view?.group && <Skeletons />}
        {view?.log.hasOlder && (
          <li class="list-edge">
            <button type="button" class="mini-button" onClick={() => void talk.older()} data-testid="older">
              {t("chat.older")}
            </button>
          </li>
        )}
        {view?.group && rows.length === 0 && view.outgoing.length === 0 && (
          <li class="chat-empty">{t("groups.noMessages")}</li>
        )}
        {view &&
          rows.map(({ message, startsDay, startsNew, follows }) => (
            <Fragment key={message.seq}>
              {startsDay && <li class="day-line">{dayText(message.at, now)}</li>}
              {startsNew && (
                <li class="new-line" data-testid="new-line">
                  <span>{t("chat.unreadFrom")}</span>
                </li>
              )}
              <MessageLine view={view} message={message} follows={follows} actions={actions} />
            </Fragment>
          ))}
        {view?.outgoing.map((outgoing) => (
          <OutgoingLine key={outgoing.key} talk={talk} outgoing={outgoing} />
        ))}
      </ol>
      {(scroll.below > 0 || view?.log.hasNewer) && (
        <button type="button" class="chat-behind" onClick={scroll.follow} data-testid="to-newest">
          {scroll.below === 0
            ? t("chat.newest")
            : scroll.below === 1
              ? t("chat.newBelowOne")
              : t("chat.newBelow", { n: scroll.below })}
        </button>
      )}
      <Announcer view={view} userId={talk.userId} />
    </div>
  );
}

/** Keeps the place: at the end with what comes, elsewhere with what is fetched above. */
function useScroll(talk: GroupsSession, view: ChatView | null, target: { seq: number } | null) {
  const list = useRef<HTMLOListElement>(null);
  const following = useRef(true);
  const place = useRef({ first: 0, height: 0, last: 0 });
  const [below, setBelow] = useState(0);
  const messages = view?.log.messages ?? [];
  const [first, last] = [messages[0]?.seq ?? 0, messages.at(-1)?.seq ?? 0];
  const outgoing = view?.outgoing.length ?? 0;
  const tellSeen = () => {
    if (list.current && document.visibilityState === "visible") talk.seen(lastSeen(list.current, last));
  };
  useLayoutEffect(() => {
    const element = list.current!;
    const before = place.current;
    if (first < before.first && before.last <= last) element.scrollTop += element.scrollHeight - before.height;
    else if (following.current && !view?.log.hasNewer) element.scrollTop = element.scrollHeight;
    else if (last > before.last && before.last > 0) {
      setBelow((n) => n + messages.filter((one) => one.seq > before.last && one.from !== talk.userId).length);
    }

    place.current = { first, height: element.scrollHeight, last };
    tellSeen();
  }, [first, last, outgoing, messages.length, view?.group === null]);
  useEffect(() => {
    const element = list.current!;
    // The list changes height when a phone's keyboard opens or a banner goes: stay with the newest line.
    const resizing = new ResizeObserver(() => following.current && (element.scrollTop = element.scrollHeight));
    resizing.observe(element);
    document.addEventListener("visibilitychange", tellSeen);
    return () => {
      resizing.disconnect();
      document.removeEventListener("visibilitychange", tellSeen);
    };
  }, [last]);
  useEffect(() => {
    if (!target) return;
    following.current = false;
    const line = list.current?.querySelector<HTMLElement>(`[data-seq="${target.seq}"]`);
    line?.scrollIntoView({ block: "center" });
    line?.focus({ preventScroll: true });
    line?.classList.add("found-now");
    const timer = setTimeout(() => line?.classList.remove("found-now"), 2_500);
    return () => clearTimeout(timer);
  }, [target]);
  const scrolled = () => {
    const element = list.current!;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    following.current = left < followingWithin && !view?.log.hasNewer;
    if (following.current) setBelow(0);
    if (element.scrollTop < fetchWithin) void talk.older();
    if (left < fetchWithin) void talk.newer();
    tellSeen();
  };
  const follow = () => {
    following.current = true;
    setBelow(0);
    if (view?.log.hasNewer) void talk.newest();
    list.current!.scrollTop = list.current!.scrollHeight;
  };
  return { list, below, follow, scrolled };
}

/** The newest message whose end is in sight. */
function lastSeen(list: HTMLElement, newest: number): number {
  const end = list.getBoundingClientRect().bottom + 8;
  if (list.scrollHeight - list.scrollTop - list.clientHeight < 8) return newest;
  const lines = [...list.querySelectorAll<HTMLElement>("[data-seq]")];
  const line = lines.reverse().find((one) => one.getBoundingClientRect().bottom <= end);
  return Number(line?.dataset["seq"] ?? 0);
}

function Skeletons() {
  const t = useTexts();
  return (
    <li class="message-skeletons" role="status" aria-label={t("app.loading")}>
      {[62, 40, 75].map((width) => (
        <span class="skeleton line" key={width} style={{ width: `${width}%` }} />
      ))}
    </li>
  );
}

const announceEveryMs = 4_000;

/** Reads new messages of others to a screen reader without flooding it. */
function Announcer({ view, userId }: { view: ChatView | null; userId: string | undefined }) {
  const [said, setSaid] = useState("");
  const latest = useRef<readonly Message[]>([]);
  latest.current = view?.log.messages ?? [];
  useEffect(() => {
    let upTo = latest.current.at(-1)?.seq ?? 0;
    const timer = setInterval(() => {
      const fresh = latest.current.filter((one) => one.seq > upTo && one.from !== userId && !one.recalled);
      const known = upTo > 0;
      upTo = Math.max(upTo, latest.current.at(-1)?.seq ?? 0);
      const last = fresh.at(-1);
      if (!last || !known) return;
      const values = { name: last.fromName, text: lineOf(last), n: fresh.length };
      setSaid(text(fresh.length === 1 ? "chat.announceNew" : "chat.announceMany", values));
    }, announceEveryMs);
    return () => clearInterval(timer);
  }, [userId]);
  return (
    <p class="unseen" role="status" aria-live="polite">
      {said}
    </p>
  );
}
