import { Store, useStore } from "./store";

interface Toast {
  id: number;
  text: string;
}

const shown = new Store<readonly Toast[]>([]);
const shownMs = 4_000;
const maxShown = 3;
let lastId = 0;

/** Says something for four seconds, on the screen and to a screen reader. */
export function toast(text: string): void {
  if (shown.value.some((other) => other.text === text)) return;
  const id = ++lastId;
  shown.set([...shown.value, { id, text }].slice(-maxShown));
  setTimeout(() => shown.set(shown.value.filter((other) => other.id !== id)), shownMs);
}

export function Toasts() {
  const list = useStore(shown);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {list.map((item) => (
        <div class="toast" key={item.id}>
          {item.text}
        </div>
      ))}
    </div>
  );
}
