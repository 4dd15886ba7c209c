import Danmaku from "danmaku/dist/esm/danmaku.dom.js";
import type { LogItem } from "./danmaku-log";
import { areaShare, densityFactor, usualPrefs, type FlyPrefs } from "./fly-prefs";
import { comingInMs, Lanes, widthOf } from "./lanes";
import { tooDark } from "./palette";

/**
 * Danmaku in the air at once, for a narrow and a wide stage; past that only one's own still fly. The list has them
 * all.
 */
const maxFlying = { narrow: 36, wide: 120 };
const crossingSeconds = { narrow: 6.5, wide: 9 };
const wideFromPx = 700;
/** Height of a line and size of its letters, at the usual size. */
const lineHeightPx = { narrow: 29, wide: 35 };
const fontPx = { narrow: 18, wide: 22 };
/** What stays free behind a text, and what lies around it. */
const gapPx = 36;
/** The renderer keeps what it has flown; past this many the flown ones are let go. */
const maxKept = 400;

const engineMode = { scroll: "rtl", reverse: "ltr", top: "top", bottom: "bottom" } as const;

function badge(count: number): HTMLElement {
  const element = document.createElement("span");
  element.className = "fly-count";
  element.textContent = `×${count}`;
  return element;
}

/** Danmaku over the stage, as elements that the `danmaku` renderer moves. */
export class Flight {
  private readonly engine: Danmaku;
  private readonly comments: { text?: string }[] = [];
  private readonly nodes = new Map<number, HTMLElement>();
  private readonly resizing: ResizeObserver;
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");

  private readonly scrolling = new Lanes();
  private readonly standing = new Lanes();
  private prefs: FlyPrefs = usualPrefs;
  private rate = 1;

  constructor(private readonly container: HTMLElement) {
    this.engine = new Danmaku({ container, engine: "dom", comments: this.comments });
    this.resizing = new ResizeObserver(() => this.fit());
    this.resizing.observe(container);
    this.fit();
  }

  fly(item: LogItem): void {
    // Nobody looks: the list keeps it, and coming back does not bring a swarm.
    if (document.visibilityState === "hidden") return;
    if (!this.prefs.on || (!item.own && (this.prefs.onlyMine || this.inTheAir >= this.limit))) return;
    // Without motion everything stands still for its time, at the top or where its sender put it.
    const mode = this.still.matches && item.mode !== "bottom" ? "top" : (engineMode[item.mode] ?? "rtl");
    const fits = this.fits(item, mode === "top" || mode === "bottom");
    if (!fits && !item.own) return;
    this.letGo();
    this.engine.emit({ mode, render: () => this.draw(item) });
  }

  grow(item: LogItem): void {
    const node = this.nodes.get(item.seq);
    if (!node?.isConnected) return;
    node.querySelector(".fly-count")?.remove();
    node.append(badge(item.count));
  }

  remove(seq: number): void {
    const node = this.nodes.get(seq);
    if (node) node.hidden = true;
  }

  /** How the viewer wants it, from now on; what flies already changes its looks as well. */
  apply(prefs: FlyPrefs): void {
    const hidden = this.prefs.on && !prefs.on;
    this.prefs = prefs;
    const style = this.container.style;
    style.setProperty("--fly-scale", String(prefs.size));
    style.opacity = String(prefs.opacity);
    const share = areaShare[prefs.area];
    if (share !== null) style.setProperty("--air-share", String(share));
    else style.removeProperty("--air-share");
    if (hidden) this.clear();
    this.fit();
  }

  /** How fast time goes by: a replay at twice the speed flies twice as fast. */
  hasten(rate: number): void {
    this.rate = rate;
    this.fit();
  }

  /** Takes everything out of the air. */
  clear(): void {
    this.scrolling.clear();
    this.standing.clear();
    this.engine.clear();
  }

  destroy(): void {
    this.resizing.disconnect();
    this.engine.destroy();
  }

  private get limit(): number {
    // What stands still takes a line each; more than there are lines would lie over each other.
    if (this.still.matches) return Math.max(2, this.lines);
    return Math.round((this.wide ? maxFlying.wide : maxFlying.narrow) * densityFactor[this.prefs.density]);
  }

  private get lines(): number {
    const height = this.wide ? lineHeightPx.wide : lineHeightPx.narrow;
    return Math.floor(this.container.offsetHeight / (height * this.prefs.size));
  }

  private fits(item: LogItem, stands: boolean): boolean {
    const stageWidth = this.container.offsetWidth;
    const { speed } = this.engine;
    if (stands) return this.standing.take(performance.now(), (1000 * stageWidth) / speed);
    const width = widthOf(item.text, (this.wide ? fontPx.wide : fontPx.narrow) * this.prefs.size);
    return this.scrolling.take(performance.now(), comingInMs(width, gapPx, stageWidth, speed));
  }

  private get wide(): boolean {
    return this.container.offsetWidth >= wideFromPx;
  }

  private get inTheAir(): number {
    return this.container.firstElementChild?.childElementCount ?? 0;
  }

  private fit(): void {
    this.engine.resize();
    const seconds = this.wide ? crossingSeconds.wide : crossingSeconds.narrow;
    this.scrolling.resize(this.lines * densityFactor[this.prefs.density]);
    this.standing.resize(this.lines / 2);
    if (this.container.offsetWidth > 0) this.engine.speed = (this.rate * this.container.offsetWidth) / seconds;
  }

  private draw(item: LogItem): HTMLElement {
    const node = document.createElement("div");
    node.className = `fly${item.own ? " own" : ""}${tooDark(item.color) ? " dark-ink" : ""}`;
    node.dataset["testid"] = "danmaku-item";
    node.dataset["seq"] = String(item.seq);
    node.style.color = item.color;
    node.textContent = item.text;
    this.nodes.set(item.seq, node);
    if (item.count > 1) node.append(badge(item.count));
    return node;
  }

  /**
   * In live mode the renderer never forgets; its list is ours, and once all of it was taken off the runway it starts
   * anew.
   */
  private letGo(): void {
    if (this.comments.length < maxKept) return;
    const inside = this.engine as unknown as { _?: { position: number } };
    if (!inside._ || inside._.position < this.comments.length) return;
    this.comments.length = 0;
    inside._.position = 0;
    for (const [seq, node] of this.nodes) if (!node.isConnected) this.nodes.delete(seq);
  }
}
