import { useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { PauseIcon, PlayIcon } from "../shell/icons";
import { clockText } from "../shell/now";
import type { Replay, ReplayView } from "./replay";
import { maxOffsetMs, speeds } from "./tape-player";

const offsetStepMs = 500;

/** Play, slider, speed, and how far the danmaku are moved against the video. */
export function PlayerBar({ replay, view }: { replay: Replay; view: ReplayView }) {
  const t = useTexts();
  /** While the slider is dragged the position is the hand's, not the player's. */
  const [held, setHeld] = useState<number | null>(null);
  const position = held ?? view.position;
  const seconds = Math.floor(position / 1000);
  const most = Math.ceil(view.end / 1000);
  const time = t("replay.time", { at: clockText(position / 1000), of: clockText(view.end / 1000) });
  return (
    <div class="deck player" role="group" aria-label={t("replay.controls")}>
      <button
        type="button"
        class="play-button"
        aria-label={t(view.playing ? "replay.pause" : "replay.play")}
        onClick={() => replay.toggle()}
        data-testid="replay-toggle"
        data-playing={view.playing}
      >
        {view.playing ? <PauseIcon /> : <PlayIcon />}
      </button>
      <div class="player-line">
        <input
          class="slider"
          style={{ "--done": `${((100 * seconds) / most).toFixed(1)}%` }}
          type="range"
          min={0}
          max={most}
          step={1}
          value={seconds}
          aria-label={t("replay.position")}
          aria-valuetext={time}
          onInput={(event) => setHeld(Number(event.currentTarget.value) * 1000)}
          onChange={(event) => {
            setHeld(null);
            replay.seek(Number(event.currentTarget.value) * 1000);
          }}
          data-testid="replay-slider"
        />
        <span class="player-time" data-testid="replay-time" data-value={Math.round(view.position)}>
          {clockText(position / 1000)} / {clockText(view.end / 1000)}
        </span>
      </div>
      <label class="player-field">
        <span>{t("replay.speed")}</span>
        <select
          value={view.speed}
          onChange={(event) => replay.setSpeed(Number(event.currentTarget.value))}
          data-testid="replay-speed"
        >
          {speeds.map((speed) => (
            <option key={speed} value={speed}>
              {speed}×
            </option>
          ))}
        </select>
      </label>
      <Offset replay={replay} offset={view.offset} />
      <p class="player-note" role="status">
        {view.failed ? t("replay.failed") : view.buffering ? t("app.loading") : ""}
      </p>
    </div>
  );
}

function Offset({ replay, offset }: { replay: Replay; offset: number }) {
  const t = useTexts();
  const seconds = (offset / 1000).toFixed(1);
  return (
    <div class="player-field" role="group" aria-label={t("replay.offsetHelp")} title={t("replay.offsetHelp")}>
      <span>{t("replay.offset")}</span>
      <button
        type="button"
        class="step-button"
        aria-label={t("replay.earlier")}
        disabled={offset <= -maxOffsetMs}
        onClick={() => replay.setOffset(offset - offsetStepMs)}
        data-testid="offset-earlier"
      >
        −
      </button>
      <output data-testid="replay-offset" data-value={offset}>
        {t("replay.seconds", { n: offset > 0 ? `+${seconds}` : seconds })}
      </output>
      <button
        type="button"
        class="step-button"
        aria-label={t("replay.later")}
        disabled={offset >= maxOffsetMs}
        onClick={() => replay.setOffset(offset + offsetStepMs)}
        data-testid="offset-later"
      >
        +
      </button>
    </div>
  );
}
