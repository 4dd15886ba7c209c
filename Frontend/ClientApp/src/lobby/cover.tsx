import { useState } from "preact/hooks";
import { seeded } from "../shell/seed";

/** Height over width of a room's cover: three shapes, so that the wall of cards has a rhythm. */
export function coverRatio(roomId: string): number {
  return [4 / 3, 1, 6 / 5][Math.floor(seeded(`ratio:${roomId}`)() * 3)]!;
}

/** Colour pairs that go together: deep ground, two lights. */
const palettes = [
  ["#3b0a24", "#ff4d6d", "#ffb36b"], ["#1b1447", "#7a5cff", "#ff7ac6"], ["#06283d", "#1fa2ff", "#7cf5d6"],
  ["#33150a", "#ff7a3d", "#ffd166"], ["#0b2b26", "#2bb58f", "#d5f27a"], ["#2a0d3f", "#c04cfd", "#ff5d8f"],
  ["#10203f", "#3f7cff", "#b9a3ff"], ["#3a0d12", "#ff2442", "#ff9aa8"],
] as const;

/** Art for a room without a cover: lights over a ground and a few rings, all from the room's id. */
export function CoverArt({ roomId, ratio }: { roomId: string; ratio: number }) {
  const next = seeded(`cover:${roomId}`);
  const palette = palettes[Math.floor(next() * palettes.length)]!;
  const height = 300 * ratio;
  const id = `cover-${roomId}`;
  const lights = [0, 1, 2].map((index) => ({
    x: (0.1 + 0.8 * next()) * 300, y: (0.05 + 0.75 * next()) * height, r: 120 + 130 * next(), color: palette[1 + (index % 2)]!,
  }));
  const ring = { x: 60 + 180 * next(), y: height * (0.25 + 0.4 * next()), r: 34 + 40 * next() };
  const waves = [0, 1, 2].map((index) => wave(height * (0.66 + 0.1 * index), 18 + 22 * next(), next() * 6, height));
  return (
    <svg class="cover-art" viewBox={`0 0 300 ${height}`} preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">
      <defs>
        {lights.map((light, index) => (
          <radialGradient key={index} id={`${id}-${index}`}>
            <stop offset="0" stop-color={light.color} stop-opacity="0.95" />
            <stop offset="1" stop-color={light.color} stop-opacity="0" />
          </radialGradient>
        ))}
      </defs>
      <rect width="300" height={height} fill={palette[0]} />
      {lights.map((light, index) => <circle key={index} cx={light.x} cy={light.y} r={light.r} fill={`url(#${id}-${index})`} />)}
      {[1, 1.5, 2.1].map((scale, index) => (
        <circle key={index} cx={ring.x} cy={ring.y} r={ring.r * scale} fill="none" stroke="#fff" stroke-width="1.5" opacity={0.4 - index * 0.12} />
      ))}
      <circle cx={ring.x} cy={ring.y} r={ring.r * 0.42} fill="#fff" opacity="0.88" />
      {waves.map((path, index) => <path key={index} d={path} fill={palette[0]} opacity={0.3 + index * 0.15} />)}
    </svg>
  );
}

function wave(y: number, swing: number, phase: number, height: number): string {
  const points = Array.from({ length: 7 }, (_, index) => `${index * 50},${(y + Math.sin(phase + index * 1.1) * swing).toFixed(1)}`);
  return `M0,${height} L${points.join(" L")} L300,${height} Z`;
}

/** The room's own cover if there is one that loads, else the generated art. */
export function Cover({ roomId, cover, ratio }: { roomId: string; cover?: string | null | undefined; ratio: number }) {
  const [broken, setBroken] = useState(false);
  return (
    <div class="cover" style={{ aspectRatio: String(1 / ratio) }}>
      {cover && !broken
        ? <img class="cover-art" src={cover} alt="" loading="lazy" onError={() => setBroken(true)} />
        : <CoverArt roomId={roomId} ratio={ratio} />}
    </div>
  );
}
