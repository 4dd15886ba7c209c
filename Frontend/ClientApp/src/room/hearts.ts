const maxAlive = 36;
const shape = "M12 20.4 4.3 12.9a4.9 4.9 0 0 1 6.9-7l.8.8.8-.8a4.9 4.900 0 0 1 6.9 7L12 20.4Z";
const inks = ["#ff2442", "#ff5c8a", "#ff8f6b", "#ffc24d", "#c58bff", "#6bb8ff"];
const namespace = "http://www.w3.org/2000/svg";

/** Hearts that rise from the like button. They are decoration: with reduced motion there are none. */
export class Hearts {
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(private readonly layer: HTMLElement) {}

  burst(count: number): void {
    if (this.still.matches || document.visibilityState === "hidden") return;
    for (let i = 0; i < count && this.layer.childElementCount < maxAlive; i++) this.rise(i * 90);
  }

  private rise(delay: number): void {
    const heart = document.createElementNS(namespace, "svg");
    heart.setAttribute("viewBox", "0 0 24 24");
    heart.setAttribute("class", "heart");
    const path = document.createElementNS(namespace, "path");
    path.setAttribute("d", shape);
    path.setAttribute("fill", inks[Math.floor(Math.random() * inks.length)]!);
    heart.append(path);
    this.layer.append(heart);
    // The button stands at the right edge: hearts lean to the left.
    const drift = 16 - Math.random() * 84;
    const height = 180 + Math.random() * 160;
    const tilt = (Math.random() - 0.5) * 50;
    const animation = heart.animate(
      [
        { transform: "translate(0, 0) scale(0.3)", opacity: 0 },
        {
          transform: `translate(${drift * 0.2}px, -${height * 0.15}px) scale(1.15) rotate(${tilt * 0.3}deg)`,
          opacity: 1,
          offset: 0.15,
        },
        {
          transform: `translate(${drift}px, -${height * 0.6}px) scale(1) rotate(${tilt}deg)`,
          opacity: 0.9,
          offset: 0.6,
        },
        { transform: `translate(${drift * 0.6}px, -${height}px) scale(0.8) rotate(${tilt * 0.4}deg)`, opacity: 0 },
      ],
      { duration: 1500 + Math.random() * 900, delay, easing: "cubic-bezier(.2,.6,.4,1)", fill: "both" },
    );
    animation.onfinish = () => heart.remove();
    animation.oncancel = () => heart.remove();
  }
}
