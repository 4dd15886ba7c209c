import { useId, useState } from "preact/hooks";
import { seeded } from "../shell/seed";

/** Height over width of a room's cover: three shapes, so that the wall of cards has a rhythm. */
export function coverRatio(roomId: string): number {
  return [4 / 3, 1, 6 / 5][Math.floor(seeded(`ratio:${roomId}`)() * 3)]!;
}

/** Colour pairs that go together: deep ground, two lights. */
const palettes = [
  ["#3b0a24", "#ff4d6d", "#ffb36b"],
  ["#1b1447", "#7a5cff", "#ff7ac6"],
  ["#06283d", "#1fa2ff", "#7cf5d6"],
  ["#33150a", "#ff7a3d", "#ffd166"],
  ["#0b2b26", "#2bb58f", "#d5f27a"],
  ["#2a0d3f", "#c04cfd", "#ff5d8f"],
  ["#10203f", "#3f7cff", "#b9a3ff"],
  ["#3a0d12", "#ff2442", "#ff9aa8"],
] as const;

interface Sketch {
  next: () => number;
  height: number;
  ground: string;
  light: string;
}

/** Art for a room without a cover: lights over a ground, and one of a few motifs, all from the room's id. */
export function CoverArt({ roomId, ratio }: { roomId: string; ratio: number }) {
  const next = seeded(`cover:${roomId}`);
  const [ground, first, second] = palettes[Math.floor(next() * palettes.length)]!;
  const height = 300 * ratio;
  // Several pictures of one room may stand on a page: what one refers to is its own.
  const id = useId();
  const lights = [first, second, first].map((color) => ({
    x: (0.1 + 0.8 * next()) * 300,
    y: (0.05 + 0.75 * next()) * height,
    r: 120 + 130 * next(),
    color,
  }));
  const Motif = motifs[Math.floor(seeded(`motif:${roomId}`)() * motifs.length)]!;
  return (
    <svg
      class="cover-art"
      viewBox={`0 0 300 ${height}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      focusable="false"
    >
      <defs>
        {lights.map((light, index) => (
          <radialGradient key={index} id={`${id}-${index}`}>
            <stop offset="0" stop-color={light.color} stop-opacity="0.95" />
            <stop offset="1" stop-color={light.color} stop-opacity="0" />
          </radialGradient>
        ))}
      </defs>
      <rect width="300" height={height} fill={ground} />
      {lights.map((light, index) => (
        <circle key={index} cx={light.x} cy={light.y} r={light.r} fill={`url(#${id}-${index})`} />
      ))}
      <Motif next={next} height={height} ground={ground} light={second} />
    </svg>
  );
}

const motifs = [Dunes, Record, Bokeh, Ribbons];

/** A moon over soft hills. */
function Dunes({ next, height, ground }: Sketch) {
  const moon = { x: 60 + 180 * next(), y: height * (0.22 + 0.25 * next()), r: 18 + 20 * next() };
  const hills = [0, 1, 2].map((index) => curve(height * (0.64 + 0.12 * index), 16 + 20 * next(), next() * 6));
  return (
    <g>
      {[2.2, 3.4].map((scale, index) => (
        <circle key={index} cx={moon.x} cy={moon.y} r={moon.r * scale} fill="#fff" opacity={0.1 - index * 0.05} />
      ))}
      <circle cx={moon.x} cy={moon.y} r={moon.r} fill="#fff" opacity="0.92" />
      {hills.map((line, index) => (
        <path key={index} d={`${line} L300,${height} L0,${height} Z`} fill={ground} opacity={0.34 + index * 0.18} />
      ))}
    </g>
  );
}

/** A record turning somewhere near the middle. */
function Record({ next, height, ground, light }: Sketch) {
  const x = 110 + 80 * next();
  const y = height * (0.38 + 0.2 * next());
  const r = 84 + 26 * next();
  return (
    <g>
      <circle cx={x} cy={y} r={r} fill={ground} opacity="0.82" />
      {[0.92, 0.8, 0.68, 0.56, 0.44].map((scale) => (
        <circle key={scale} cx={x} cy={y} r={r * scale} fill="none" stroke="#fff" stroke-width="1" opacity="0.18" />
      ))}
      <path
        d={`M${x},${y} L${x + r * 0.95},${y - r * 0.3} A${r},${r} 0 0 0 ${x + r * 0.62},${y - r * 0.78} Z`}
        fill="#fff"
        opacity="0.14"
      />
      <circle cx={x} cy={y} r={r * 0.32} fill={light} />
      <circle cx={x} cy={y} r={r * 0.06} fill={ground} />
    </g>
  );
}

/** Lights out of focus. */
function Bokeh({ next, height, light }: Sketch) {
  const spots = Array.from({ length: 16 }, () => ({
    x: 300 * next(),
    y: height * next(),
    r: 8 + 34 * next() ** 2,
    pale: next() < 0.5,
  }));
  return (
    <g>
      {spots.map((spot, index) => (
        <circle
          key={index}
          cx={spot.x}
          cy={spot.y}
          r={spot.r}
          fill={spot.pale ? "#fff" : light}
          opacity={0.1 + (index % 5) * 0.05}
          stroke="#fff"
          stroke-width="1"
          stroke-opacity="0.35"
        />
      ))}
    </g>
  );
}

/** Ribbons of light blowing across. */
function Ribbons({ next, height, light }: Sketch) {
  const ribbons = Array.from({ length: 9 }, (_, index) => ({
    d: curve(height * (0.2 + 0.07 * index), 26 + 26 * next(), 0.5 * index + next()),
    pale: index % 3 === 0,
  }));
  return (
    <g>
      {ribbons.map((ribbon, index) => (
        <path
          key={index}
          d={ribbon.d}
          fill="none"
          stroke={ribbon.pale ? "#fff" : light}
          stroke-width={3 + (index % 4) * 3}
          stroke-linecap="round"
          opacity={0.16 + (index % 3) * 0.12}
        />
      ))}
    </g>
  );
}

/** A smooth line across the cover that swings about y. */
function curve(y: number, swing: number, phase: number): string {
  const at = (index: number) => y + Math.sin(phase + index * 1.25) * swing;
  let path = `M0,${at(0).toFixed(1)}`;
  for (let i = 1; i <= 4; i++) {
    const middle = i * 75 - 37.5;
    path += ` C${middle},${at(i - 1).toFixed(1)} ${middle},${at(i).toFixed(1)} ${i * 75},${at(i).toFixed(1)}`;
  }
  return path;
}

/** The room's own cover if there is one that loads, else the generated art. */
export function Cover({ roomId, cover, ratio }: { roomId: string; cover?: string | null | undefined; ratio: number }) {
  const [broken, setBroken] = useState(false);
  return (
    <div class="cover" style={{ aspectRatio: String(1 / ratio) }}>
      {cover && !broken ? (
        <img class="cover-art" src={cover} alt="" loading="lazy" onError={() => setBroken(true)} />
      ) : (
        <CoverArt roomId={roomId} ratio={ratio} />
      )}
    </div>
  );
}
