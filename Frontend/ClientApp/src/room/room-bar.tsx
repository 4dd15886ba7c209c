import type { JSX, Ref } from "preact";
import { useEffect, useState } from "preact/hooks";
import { countText, text, useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import { Avatar } from "../shell/avatar";
import { copy } from "../shell/clipboard";
import { BackIcon, BagIcon, BubbleIcon, ConsoleIcon, EyeIcon, FlyIcon, HeartIcon, ShareIcon } from "../shell/icons";
import { Link } from "../shell/router";
import { requireSession } from "../shell/sign-in";
import { useStore } from "../shell/store";
import { toast } from "../shell/toast";
import { api } from "../wire/api";
import type { LinkState } from "../wire/hub";
import { codeOf } from "../wire/problem";
import type { Counters, Room } from "../wire/types";
import { flyPrefs } from "./fly-prefs";
import type { Say } from "./room-view";

interface RoomBarProps {
  room: Room | null;
  counters: Counters;
  link: LinkState;
  userId: string | undefined;
  say: Say;
  /** Whether the host's console is open. */
  console: boolean;
  /** Danmaku that wait for review. */
  waiting: number;
  onFly: () => void;
  onConsole: () => void;
  heading: Ref<HTMLHeadingElement>;
}

export function RoomBar(props: RoomBarProps) {
  const { room, counters, link, userId, say, heading } = props;
  const t = useTexts();
  const flying = useStore(flyPrefs).on;
  return (
    <header class="room-bar">
      <Link to="/" class="icon-button on-stage" aria-label={t("app.back")} data-testid="back">
        <BackIcon />
      </Link>
      <div class="host-capsule">
        {room ? (
          <Avatar id={room.hostId} name={room.hostName} size="medium" />
        ) : (
          <span class="avatar avatar-medium skeleton" />
        )}
        <div class="host-words">
          <h1 ref={heading} tabIndex={-1} data-testid="room-title">
            {room?.title ?? <span class="skeleton line" />}
          </h1>
          <p>{room?.hostName}</p>
        </div>
        {room && say !== "host" && <FollowButton hostId={room.hostId} hostName={room.hostName} userId={userId} />}
      </div>
      <dl class="room-counters">
        {room?.state === "live" && (
          <div class="live-flag">
            <dt class="unseen">{t("room.live")}</dt>
            <dd>{t("room.live")}</dd>
          </div>
        )}
        <Counter icon={<EyeIcon />} label={t("room.viewers")} value={counters.viewers} testId="viewer-count" />
        <Counter icon={<HeartIcon fill />} label={t("room.likes")} value={counters.likes} testId="like-count" />
        <Counter icon={<BubbleIcon />} label={t("room.danmaku")} value={counters.danmaku} testId="danmaku-count" />
        {say === "host" && (counters.orders ?? 0) > 0 && (
          <Counter icon={<BagIcon />} label={t("room.orders")} value={counters.orders ?? 0} testId="order-count" />
        )}
      </dl>
      <div class="room-actions">
        <button
          type="button"
          class="icon-button on-stage"
          aria-label={t("fly.title")}
          onClick={props.onFly}
          data-testid="fly-open"
        >
          <FlyIcon off={!flying} />
        </button>
        <button type="button" class="icon-button on-stage" aria-label={t("room.share")} onClick={() => void share()}>
          <ShareIcon />
        </button>
        {say !== "none" && room?.state !== "ended" && (
          <button
            type="button"
            class="icon-button on-stage"
            aria-label={props.waiting > 0 ? t("host.toolsWaiting", { n: props.waiting }) : t("host.tools")}
            aria-expanded={props.console}
            id="console-button"
            onClick={props.onConsole}
            data-testid="host-tools"
          >
            <ConsoleIcon />
            {props.waiting > 0 && (
              <span class="badge corner" aria-hidden="true">
                {props.waiting}
              </span>
            )}
          </button>
        )}
      </div>
      <p class={`link-state ${link}`} role="status" data-testid="connection-state" data-state={link}>
        <span class="link-dot" aria-hidden="true" />
        <span class="link-text">{t(`connection.${link}`)}</span>
      </p>
    </header>
  );
}

interface CounterProps {
  icon: JSX.Element;
  label: string;
  value: number;
  testId: string;
}

/** A number that changes often: it is there to be read, and is not announced by itself. */
function Counter({ icon, label, value, testId }: CounterProps) {
  return (
    <div class="counter" title={label}>
      <dt>
        {icon}
        <span class="counter-label">{label}</span>
      </dt>
      <dd data-testid={testId} data-value={value}>
        {countText(value)}
      </dd>
    </div>
  );
}

/** The address bar has the same link. */
const share = (): Promise<void> => copy(location.href, text("room.shared"), location.href);

function FollowButton({ hostId, hostName, userId }: { hostId: string; hostName: string; userId: string | undefined }) {
  const t = useTexts();
  const [follows, setFollows] = useState<boolean | null>(null);
  useEffect(() => {
    let gone = false;
    api.user(hostId).then(
      (profile) => !gone && setFollows(profile.isFollowing),
      () => !gone && setFollows(false),
    );
    return () => {
      gone = true;
    };
  }, [hostId, userId]);
  const toggle = async () => {
    if (!(await requireSession())) return;
    try {
      await (follows ? api.unfollow(hostId) : api.follow(hostId));
      setFollows(!follows);
      if (!follows) toast(text("room.followed", { name: hostName }));
    } catch (problem) {
      toast(text(errorKey(codeOf(problem))));
    }
  };
  return (
    <button
      type="button"
      class={`button follow${follows ? " done" : " primary"}`}
      disabled={follows === null}
      aria-pressed={follows === true}
      onClick={() => void toggle()}
      data-testid="follow"
    >
      {t(follows ? "room.followingNow" : "room.follow")}
    </button>
  );
}
