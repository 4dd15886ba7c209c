import { hueOf, seeded } from "../shell/seed";

/** The stage is painted small and stretched: soft light needs no more, and a phone stays cool. */
const maxWidth = 480;
const framesPerSecond = 30;
const barCount = 48;

interface Mote {
  x: number;
  y: number;
  radius: number;
  speed: number;
  sway: number;
}

/**
 * What the stage shows instead of a video: drifting lights, beams and a row of bars that rise when the room is busy.
 * All of it comes
 * from the room's id. With reduced motion it is one still picture; unseen it does not paint.
 */
export class Backdrop {
  private readonly context: CanvasRenderingContext2D;
  private readonly hue: number;
  private readonly motes: Mote[];
  private readonly phases: number[];
  private readonly resizing: ResizeObserver;
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private request = 0;
  private painted = 0;
  private energy = 0;
  private lit = true;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    roomId: string,
  ) {
    this.context = canvas.getContext("2d", { alpha: false })!;
    const next = seeded(`stage:${roomId}`);
    // From blue over violet to magenta: the greens and browns in between make a dull stage.
    this.hue = 200 + (hueOf(roomId) % 140);
    this.motes = Array.from({ length: 26 }, () => ({
      x: next(),
      y: next(),
      radius: 1 + 3 * next(),
      speed: 0.01 + 0.03 * next(),
      sway: 6 * next(),
    }));
    this.phases = Array.from({ length: barCount }, () => next() * 6.28);
    this.resizing = new ResizeObserver(() => this.fit());
    this.resizing.observe(canvas);
    this.still.addEventListener("change", this.play);
    this.fit();
    this.play();
  }

  /** Somebody spoke or liked: the lights answer, and settle again. */
  stir(amount: number): void {
    this.energy = Math.min(1, this.energy + amount);
  }

  /** The lights go down when the show is over. */
  light(on: boolean): void {
    this.lit = on;
    if (this.still.matches) this.paint(0);
  }

  destroy(): void {
    cancelAnimationFrame(this.request);
    this.resizing.disconnect();
    this.still.removeEventListener("change", this.play);
  }

  private readonly play = (): void => {
    cancelAnimationFrame(this.request);
    if (this.still.matches) this.paint(0);
    else this.request = requestAnimationFrame(this.step);
  };

  private readonly step = (now: number): void => {
    this.request = requestAnimationFrame(this.step);
    if (now - this.painted < 1000 / framesPerSecond - 2) return;
    this.painted = now;
    this.energy *= 0.965;
    this.paint(now / 1000);
  };

  private fit(): void {
    const { clientWidth, clientHeight } = this.canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    const scale = Math.min(1, maxWidth / clientWidth);
    this.canvas.width = Math.round(clientWidth * scale);
    this.canvas.height = Math.round(clientHeight * scale);
    this.paint(this.painted / 1000);
  }

  private paint(time: number): void {
    const { width, height } = this.canvas;
    const context = this.context;
    const ground = context.createLinearGradient(0, 0, 0, height);
    ground.addColorStop(0, `hsl(${this.hue} 45% 9%)`);
    ground.addColorStop(0.7, `hsl(${(this.hue + 24) % 360} 40% 6%)`);
    ground.addColorStop(1, "#050507");
    context.globalCompositeOperation = "source-over";
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
    if (!this.lit) return;
    context.globalCompositeOperation = "lighter";
    this.paintGlows(time, width, height);
    this.paintBeams(time, width, height);
    this.paintBars(time, width, height);
    this.paintMotes(time, width, height);
  }

  private paintGlows(time: number, width: number, height: number): void {
    const size = Math.max(width, height);
    for (let i = 0; i < 3; i++) {
      const x = width * (0.5 + 0.38 * Math.sin(time * 0.11 + i * 2.1));
      const y = height * (0.38 + 0.22 * Math.cos(time * 0.09 + i * 1.7));
      const hue = i === 0 ? 350 : (this.hue + i * 55) % 360;
      const glow = this.context.createRadialGradient(x, y, 0, x, y, size * 0.46);
      glow.addColorStop(0, `hsl(${hue} 75% 42% / ${0.3 + 0.2 * this.energy})`);
      glow.addColorStop(1, `hsl(${hue} 75% 42% / 0)`);
      this.context.fillStyle = glow;
      this.context.fillRect(0, 0, width, height);
    }
  }

  private paintBeams(time: number, width: number, height: number): void {
    for (let i = 0; i < 4; i++) {
      const origin = width * (0.14 + 0.24 * i);
      const target = origin + width * 0.26 * Math.sin(time * 0.23 + i * 1.9);
      const spread = width * 0.07;
      const beam = this.context.createLinearGradient(0, 0, 0, height * 0.9);
      beam.addColorStop(0, `hsl(${(this.hue + i * 40) % 360} 80% 70% / ${0.2 + 0.14 * this.energy})`);
      beam.addColorStop(1, "hsl(0 0% 100% / 0)");
      this.context.fillStyle = beam;
      this.context.beginPath();
      this.context.moveTo(origin - 2, -4);
      this.context.lineTo(origin + 2, -4);
      this.context.lineTo(target + spread, height * 0.9);
      this.context.lineTo(target - spread, height * 0.9);
      this.context.fill();
    }
  }

  private paintBars(time: number, width: number, height: number): void {
    const base = height * 0.86;
    const step = width / barCount;
    for (let i = 0; i < barCount; i++) {
      const middle = 1 - Math.abs(i / (barCount - 1) - 0.5) * 1.5;
      const swing = 0.5 + 0.5 * Math.sin(time * (1.6 + (i % 5) * 0.35) + this.phases[i]!);
      const tall = height * (0.012 + (0.05 + 0.16 * this.energy) * swing * Math.max(0.15, middle));
      const hue = (345 + (i / barCount) * 70) % 360;
      this.context.fillStyle = `hsl(${hue} 85% 62% / 0.42)`;
      this.context.fillRect(i * step + step * 0.28, base - tall, step * 0.44, tall);
      this.context.fillStyle = `hsl(${hue} 85% 62% / 0.1)`;
      this.context.fillRect(i * step + step * 0.28, base + 2, step * 0.44, tall * 0.6);
    }
  }

  private paintMotes(time: number, width: number, height: number): void {
    for (const mote of this.motes) {
      const y = (((mote.y - time * mote.speed) % 1) + 1) % 1;
      const x = mote.x + 0.02 * Math.sin(time * 0.6 + mote.sway);
      this.context.fillStyle = `hsl(${(this.hue + 30) % 360} 80% 80% / ${0.1 + 0.25 * Math.sin(y * Math.PI)})`;
      this.context.beginPath();
      this.context.arc(x * width, y * height, mote.radius, 0, 6.29);
      this.context.fill();
    }
  }
}
