import { useEffect, useRef } from "preact/hooks";
import { useTexts } from "../i18n";
import { Avatar } from "../shell/avatar";
import type { Room } from "../wire/types";
import { Backdrop } from "./backdrop";
import { Flight } from "./flight";
import { flyPrefs } from "./fly-prefs";
import { Hearts } from "./hearts";
import type { StageCue } from "./room-session";

/** Hearts that others' likes raise at most for one frame: the counter says how many they were. */
const maxForeignHearts = 5;

/** Who tells the stage what to do: a live room, or a replay. */
interface CueSource {
  readonly roomId: string;
  onCue(listener: (cue: StageCue) => void): () => void;
}

interface StageProps {
  source: CueSource;
  room: Room | null;
  /** Whether the lights are on. */
  lit: boolean;
}

/** The dark stage. Everything on it is said elsewhere in words (list, counters), so screen readers skip it. */
export function Stage({ source, room, lit }: StageProps) {
  const t = useTexts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const air = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const flight = useRef<Flight | null>(null);
  const backdrop = useRef<Backdrop | null>(null);

  useEffect(() => {
    const lights = (backdrop.current = new Backdrop(canvas.current!, source.roomId));
    const danmaku = (flight.current = new Flight(air.current!));
    const hearts = new Hearts(layer.current!);
    const stop = source.onCue((cue) => {
      if (cue.kind === "fly") {
        danmaku.fly(cue.item);
        lights.stir(0.12);
      } else if (cue.kind === "grow") danmaku.grow(cue.item);
      else if (cue.kind === "remove") danmaku.remove(cue.seq);
      else if (cue.kind === "clear") danmaku.clear();
      else if (cue.kind === "rate") danmaku.hasten(cue.rate);
      else if (cue.kind === "tap") hearts.burst(1);
      else if (cue.kind === "likes") {
        hearts.burst(Math.min(maxForeignHearts, cue.more));
        lights.stir(0.08);
      }
    });
    return () => {
      stop();
      danmaku.destroy();
      lights.destroy();
    };
  }, [source]);

  useEffect(() => backdrop.current?.light(lit), [lit]);
  useEffect(() => {
    const follow = () => flight.current?.apply(flyPrefs.value);
    follow();
    return flyPrefs.subscribe(follow);
  }, [source]);

  return (
    <div class="stage" role="img" aria-label={t("room.stage")}>
      <canvas ref={canvas} class="backdrop" aria-hidden="true" />
      {room && (
        <div class={`stage-host${lit ? " on-air" : ""}`} aria-hidden="true">
          <span class="pulse" />
          <span class="pulse late" />
          <Avatar id={room.hostId} name={room.hostName} size="large" />
        </div>
      )}
      <div ref={air} class="air" data-testid="danmaku-stage" aria-hidden="true" />
      <div ref={layer} class="heart-layer" aria-hidden="true" />
    </div>
  );
}
