import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { countText, text, useTexts } from "../i18n";
import { ChevronIcon } from "../shell/icons";
import { HeldChatLine, Line } from "./chat-line";
import type { LogItem } from "./danmaku-log";
import { sayOf, type RoomView } from "./room-view";
import { summaryOf } from "./summary";

interface ChatProps {
  view: RoomView;
  userId: string | undefined;
  wide: boolean;
}

/** This close to the end, in pixels, the list follows what comes. */
const followingWithin = 48;

/** The recent list: a panel beside the stage, or on a phone a veil over it that opens to a sheet. */
export function Chat({ view, userId, wide }: ChatProps) {
  const t = useTexts();
  const [expanded, setExpanded] = useState(false);
  const over = view.room?.state === "ended";
  // The show is over: what says so is under the sheet.
  useEffect(() => {
    if (over) setExpanded(false);
  }, [over]);
  const { list, behind, follow, scrolled } = useFollowing(view.items, view.held.length);
  const say = sayOf(view, userId);
  const moderators = new Set(view.moderators);
  const open = wide || expanded;
  const keys = (event: KeyboardEvent) => event.key === "Escape" && setExpanded(false);
  return (
    <section class={`chat${expanded ? " expanded" : ""}`} aria-labelledby="chat-title" onKeyDown={keys}>
      <header class="chat-head">
        <h2 id="chat-title">{t("room.recent")}</h2>
        <span class="chat-count">{countText(view.counters.danmaku)}</span>
        {!wide && (
          <button
            type="button"
            class="icon-button"
            aria-expanded={expanded}
            onClick={() => setExpanded(!expanded)}
            aria-label={t(expanded ? "room.collapse" : "room.expand")}
            data-testid="chat-toggle"
          >
            <ChevronIcon />
          </button>
        )}
      </header>
      {view.shed > 0 && <p class="chat-shed">{t("room.shed", { n: countText(view.shed) })}</p>}
      <ol class="chat-list" ref={list} onScroll={scrolled} tabIndex={open ? 0 : -1} aria-labelledby="chat-title">
        {view.items.length === 0 && view.held.length === 0 && !over && (
          <li class="chat-empty">{t("room.recentEmpty")}</li>
        )}
        {view.items.map((item) => (
          <Line
            key={item.seq}
            item={item}
            roomId={view.room?.roomId ?? ""}
            hostId={view.room?.hostId}
            moderator={moderators.has(item.userId)}
            say={say}
            muted={view.muted.has(item.userId)}
          />
        ))}
        {view.held.map((line) => (
          <HeldChatLine key={`held-${line.heldId}`} line={line} />
        ))}
      </ol>
      {behind && open && (
        <button type="button" class="chat-behind" onClick={follow}>
          {t("room.newBelow")}
        </button>
      )}
      <Announcer items={view.items} />
    </section>
  );
}

function useFollowing(items: readonly LogItem[], held: number) {
  const list = useRef<HTMLOListElement>(null);
  const following = useRef(true);
  const [behind, setBehind] = useState(false);
  const last = items[items.length - 1]?.seq;
  useLayoutEffect(() => {
    const element = list.current;
    if (element && following.current) element.scrollTop = element.scrollHeight;
    else if (element) setBehind(true);
  }, [last, items.length, held]);
  useEffect(() => {
    // The list changes height when a phone's keyboard opens or the sheet does: stay with the newest line.
    const element = list.current!;
    const resizing = new ResizeObserver(() => following.current && (element.scrollTop = element.scrollHeight));
    resizing.observe(element);
    return () => resizing.disconnect();
  }, []);
  const scrolled = () => {
    const element = list.current!;
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < followingWithin;
    if (following.current) setBehind(false);
  };
  const follow = () => {
    following.current = true;
    setBehind(false);
    list.current!.scrollTop = list.current!.scrollHeight;
    list.current!.focus({ preventScroll: true });
  };
  return { list, behind, follow, scrolled };
}

const announceEveryMs = 6_000;

/** Reads the chat to a screen reader without flooding it: one sentence every few seconds about what is new. */
function Announcer({ items }: { items: readonly LogItem[] }) {
  const [said, setSaid] = useState("");
  const latest = useRef(items);
  latest.current = items;
  useEffect(() => {
    let upTo = latest.current.at(-1)?.seq ?? 0;
    const timer = setInterval(() => {
      const summary = summaryOf(latest.current, upTo);
      if (!summary) return;
      upTo = summary.upTo;
      setSaid(text(summary.key, summary.values));
    }, announceEveryMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="unseen" role="status" aria-live="polite">
      {said}
    </p>
  );
}
