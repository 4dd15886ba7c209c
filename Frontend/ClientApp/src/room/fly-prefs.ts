import { recall, remember } from "../shell/storage";
import { Store } from "../shell/store";

export type Density = "sparse" | "normal" | "dense";
/** `auto`: what suits the stage. */
export type Area = "auto" | "quarter" | "half" | "most" | "full";

/** How a viewer wants danmaku to fly. Remembered on this device. */
export interface FlyPrefs {
  on: boolean;
  density: Density;
  /** Times the usual size of the letters. */
  size: number;
  /** 0 to 1. */
  opacity: number;
  /** Which part of the stage they take from above. */
  area: Area;
  onlyMine: boolean;
}

export const densities: readonly Density[] = ["sparse", "normal", "dense"];
export const areas: readonly Area[] = ["auto", "quarter", "half", "most", "full"];
export const sizeRange = { min: 0.75, max: 1.75, step: 0.05 };
export const opacityRange = { min: 0.2, max: 1, step: 0.05 };

/** Danmaku in the air at once, as a part of what the stage has room for; above 1 some lie over others. */
export const densityFactor: Readonly<Record<Density, number>> = { sparse: 0.35, normal: 1, dense: 2 };
export const areaShare: Readonly<Record<Area, number | null>> = {
  auto: null,
  quarter: 0.25,
  half: 0.5,
  most: 0.75,
  full: 1,
};

export const usualPrefs: FlyPrefs = {
  on: true,
  density: "normal",
  size: 1,
  opacity: 1,
  area: "auto",
  onlyMine: false,
};

const storageKey = "rednote.fly";

const within = (value: unknown, range: { min: number; max: number }, usual: number) =>
  typeof value === "number" && value >= range.min && value <= range.max ? value : usual;

/** Preferences as they were written; what cannot be used is as usual. */
export function readPrefs(written: string | null): FlyPrefs {
  let from: Partial<Record<keyof FlyPrefs, unknown>>;
  try {
    from = (JSON.parse(written ?? "{}") ?? {}) as typeof from;
  } catch {
    from = {};
  }
  return {
    on: from.on !== false,
    density: densities.find((known) => known === from.density) ?? usualPrefs.density,
    size: within(from.size, sizeRange, usualPrefs.size),
    opacity: within(from.opacity, opacityRange, usualPrefs.opacity),
    area: areas.find((known) => known === from.area) ?? usualPrefs.area,
    onlyMine: from.onlyMine === true,
  };
}

export const flyPrefs = new Store<FlyPrefs>(readPrefs(recall(storageKey)));

export function changePrefs(change: Partial<FlyPrefs>): void {
  flyPrefs.patch(change);
  remember(storageKey, JSON.stringify(flyPrefs.value));
}
