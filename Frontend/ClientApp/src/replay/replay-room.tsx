import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { FlySettings } from "../room/fly-settings";
import { Stage } from "../room/stage";
import { Avatar } from "../shell/avatar";
import { BackIcon, FlyIcon } from "../shell/icons";
import { clockText } from "../shell/now";
import { hueOf } from "../shell/seed";
import { useStore } from "../shell/store";
import type { Room } from "../wire/types";
import { PlayerBar } from "./player-bar";
import { Replay, type ReplayView } from "./replay";
import type { ReplayLine } from "./replay-lines";

interface ReplayRoomProps {
  room: Room;
  wide: boolean;
  onClose: () => void;
}

/** How far an arrow key jumps on the stage; the slider has its own steps. */
const keyStepMs = 5_000;

/** A show that is over, as it was: the same stage, with a slider instead of a composer. */
export function ReplayRoom({ room, wide, onClose }: ReplayRoomProps) {
  const t = useTexts();
  const replay = useMemo(() => new Replay(room.roomId, room), [room.roomId]);
  const view = useStore(replay.view);
  const [settings, setSettings] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    replay.start();
    return () => replay.stop();
  }, [replay]);
  const keys = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (target.closest("input, select, button, dialog, a")) return;
    if (event.key === " ") replay.toggle();
    else if (event.key === "ArrowRight") replay.seek(view.position + keyStepMs);
    else if (event.key === "ArrowLeft") replay.seek(view.position - keyStepMs);
    else return;
    event.preventDefault();
  };
  return (
    <main id="main" class={`room replay${wide ? " wide" : ""}`} onKeyDown={keys} data-testid="replay">
      <section class="stage-area">
        <Stage source={replay} room={room} lit />
        <header class="room-bar">
          <button
            type="button"
            class="icon-button on-stage"
            aria-label={t("replay.leave")}
            onClick={onClose}
            data-testid="replay-leave"
          >
            <BackIcon />
          </button>
          <div class="host-capsule">
            <Avatar id={room.hostId} name={room.hostName} size="medium" />
            <div class="host-words">
              <h1 ref={heading} tabIndex={-1}>
                {room.title}
              </h1>
              <p>
                {t("replay.title")} · {room.hostName}
              </p>
            </div>
          </div>
          <div class="room-actions">
            <button
              type="button"
              class="icon-button on-stage"
              aria-label={t("fly.title")}
              onClick={() => setSettings(true)}
            >
              <FlyIcon />
            </button>
          </div>
        </header>
      </section>
      <ReplayList view={view} />
      <PlayerBar replay={replay} view={view} />
      {settings && <FlySettings onClose={() => setSettings(false)} />}
    </main>
  );
}

function ReplayList({ view }: { view: ReplayView }) {
  const t = useTexts();
  const list = useRef<HTMLOListElement>(null);
  useLayoutEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [view.lines]);
  return (
    <section class="chat" aria-labelledby="replay-list">
      <header class="chat-head">
        <h2 id="replay-list">{t("room.recent")}</h2>
      </header>
      <ol class="chat-list" ref={list} tabIndex={0} aria-labelledby="replay-list">
        {view.lines.map((line) => (
          <Line key={line.key} line={line} />
        ))}
      </ol>
    </section>
  );
}

function Line({ line }: { line: ReplayLine }) {
  return (
    <li class={`chat-line${line.event ? " event" : ""}`} data-testid="replay-line" data-at={line.at}>
      <span class="line-time">{clockText(line.at / 1000)}</span>
      {line.name && (
        <span class="chat-name" style={{ "--hue": String(hueOf(line.userId)) }}>
          {line.name}
        </span>
      )}
      <span class="chat-text">{line.text}</span>
      {line.count > 1 && <span class="chat-times">×{line.count}</span>}
    </li>
  );
}
