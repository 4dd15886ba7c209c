import type { MessageKey } from "../i18n/messages";
import type { DanmakuMode } from "../wire/types";

/** Colours to choose from; each is at least 7:1 on the dark stage. */
export const colors: readonly { value: string; name: MessageKey }[] = [
  { value: "#ffffff", name: "color.white" },
  { value: "#ff7a8c", name: "color.red" },
  { value: "#ffab5e", name: "color.orange" },
  { value: "#ffe066", name: "color.yellow" },
  { value: "#8be28b", name: "color.green" },
  { value: "#66e0e6", name: "color.cyan" },
  { value: "#8ab8ff", name: "color.blue" },
  { value: "#d3a4ff", name: "color.violet" },
];

export const modes: readonly { value: DanmakuMode; name: MessageKey }[] = [
  { value: "scroll", name: "mode.scroll" },
  { value: "top", name: "mode.top" },
  { value: "bottom", name: "mode.bottom" },
  { value: "reverse", name: "mode.reverse" },
];

/** Relative luminance (WCAG) of #rrggbb; white when it is something else. */
export function luminance(color: string): number {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  if (!match) return 1;
  const [red, green, blue] = match.slice(1).map((part) => {
    const value = parseInt(part, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** A colour that cannot be read on the dark stage gets a light outline instead of the dark one. */
export const tooDark = (color: string): boolean => luminance(color) < 0.12;
