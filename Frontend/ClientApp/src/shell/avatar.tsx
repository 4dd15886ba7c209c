import { hueOf, monogram } from "./seed";

/** A round monogram in a colour of the user's own. Decoration: the name stands beside it. */
export function Avatar({
  id,
  name,
  size = "small",
}: {
  id: string;
  name: string;
  size?: "small" | "medium" | "large";
}) {
  const hue = hueOf(id);
  const background = `linear-gradient(135deg, hsl(${hue} 62% 46%), hsl(${(hue + 48) % 360} 70% 36%))`;
  return (
    <span class={`avatar avatar-${size}`} style={{ background }} aria-hidden="true">
      {monogram(name)}
    </span>
  );
}
