import { useEffect, useRef, useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { SendIcon, StyleIcon } from "../shell/icons";
import { requireSession } from "../shell/sign-in";
import { recall, remember } from "../shell/storage";
import type { DanmakuMode, RoomSettings, Verdict } from "../wire/types";
import { colors, modes } from "./palette";
import type { RoomSession } from "./room-session";
import { noteOf, type Note } from "./say-note";
import { lengthOf, maxDanmakuLength } from "./text";

const styleKey = "rednote.style";
/** How long what needs nothing done is shown. */
const shownMs = { good: 2_500, note: 6_000 };

interface Ink {
  mode: DanmakuMode;
  color: string;
}

function keptInk(): Ink {
  const [mode, color] = (recall(styleKey) ?? "").split(" ");
  return {
    mode: modes.find((known) => known.value === mode)?.value ?? "scroll",
    color: colors.find((known) => known.value === color)?.value ?? colors[0]!.value,
  };
}

interface ComposerProps {
  stay: RoomSession;
  signedIn: boolean;
  open: boolean;
  /** The rules that hold for whoever writes; null for those they do not hold for. */
  rules: RoomSettings | null;
}

/** What stands in the empty field: the strictest rule that whoever writes should know. */
function placeholder(rules: RoomSettings | null): string {
  if (rules?.hold === "all") return text("composer.review");
  if (rules?.followersOnly) return text("composer.followers");
  if (rules && rules.slowModeSeconds > 0) return text("composer.slow", { n: rules.slowModeSeconds });
  return text("composer.placeholder");
}

export function Composer({ stay, signedIn, open, rules }: ComposerProps) {
  const t = useTexts();
  const [value, setValue] = useState("");
  const [ink, setInk] = useState(keptInk);
  const { note, setNote } = useNote(stay);
  const [waitSeconds, waitFor] = useCountdown();
  const length = lengthOf(value);

  const choose = (next: Ink) => {
    setInk(next);
    remember(styleKey, `${next.mode} ${next.color}`);
  };
  const send = async (event: Event) => {
    event.preventDefault();
    if (waitSeconds > 0) return;
    const local = localRefusal(length);
    if (local) return setNote(noteOf(local));
    const sent = value;
    setValue("");
    setNote(null);
    const verdict = await stay.send(sent, ink.mode, ink.color);
    if (!verdict || verdict.status === "rejected") setValue((now) => now || sent);
    if (verdict?.retryAfterMs && verdict.status === "rejected") waitFor(verdict.retryAfterMs);
    setNote(noteOf(verdict));
  };

  if (!signedIn) {
    return (
      <div class="composer">
        <button
          type="button"
          class="button primary wide"
          onClick={() => void requireSession()}
          data-testid="composer-sign-in"
        >
          {t("composer.signIn")}
        </button>
      </div>
    );
  }
  return (
    <form class="composer" onSubmit={send} aria-label={t("composer.label")}>
      <div class="composer-row">
        <InkPicker ink={ink} onChange={choose} />
        <div class="composer-field">
          <input
            class="composer-input"
            value={value}
            placeholder={placeholder(rules)}
            aria-label={t("composer.label")}
            aria-describedby="composer-count composer-note"
            aria-invalid={length > maxDanmakuLength}
            autocomplete="off"
            enterkeyhint="send"
            disabled={!open}
            data-testid="composer-input"
            onInput={(event) => setValue(event.currentTarget.value)}
          />
          <span
            id="composer-count"
            class={`composer-count${length > maxDanmakuLength ? " over" : ""}${length === 0 ? " zero" : ""}`}
          >
            <span aria-hidden="true">
              {length}/{maxDanmakuLength}
            </span>
            <span class="unseen">{t("composer.count", { n: length, max: maxDanmakuLength })}</span>
          </span>
        </div>
        <button
          type="submit"
          class="button primary send"
          aria-label={waitSeconds > 0 ? t("composer.wait", { n: waitSeconds }) : t("composer.send")}
          aria-disabled={waitSeconds > 0 || !open}
          disabled={!open}
          onMouseDown={keepFocus}
          data-testid="composer-send"
        >
          {waitSeconds > 0 ? (
            <span class="wait">{t("composer.wait", { n: waitSeconds })}</span>
          ) : (
            <>
              <SendIcon />
              <span class="send-text">{t("composer.send")}</span>
            </>
          )}
        </button>
      </div>
      <p id="composer-note" class={`composer-note ${note?.tone ?? ""}`} role="status" data-testid="verdict">
        {note?.text}
      </p>
    </form>
  );
}

/** Sending with a tap leaves the focus in the field, so that a phone's keyboard stays. */
function keepFocus(event: Event): void {
  if (document.activeElement instanceof HTMLInputElement) event.preventDefault();
}

/** What the server would refuse anyway is said at once. */
function localRefusal(length: number): Verdict | null {
  if (length === 0) return { status: "rejected", reason: "empty" };
  return length > maxDanmakuLength ? { status: "rejected", reason: "too_long" } : null;
}

/**
 * The line under the composer: verdicts, and what the room says later about what was sent. Good news goes away by
 * itself.
 */
function useNote(stay: RoomSession) {
  const [note, setNote] = useState<Note | null>(null);
  useEffect(
    () =>
      stay.onCue((cue) => {
        if (cue.kind === "sampled") setNote({ text: text("verdict.sampled"), tone: "note" });
        if (cue.kind === "likesLimited") setNote({ text: text("verdict.likesLimited"), tone: "note" });
      }),
    [stay],
  );
  useEffect(() => {
    if (!note || note.tone === "bad") return;
    const timer = setTimeout(() => setNote(null), shownMs[note.tone]);
    return () => clearTimeout(timer);
  }, [note]);
  return { note, setNote };
}

/** Whole seconds still to wait. */
function useCountdown(): [number, (ms: number) => void] {
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(() => Date.now());
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (left === 0) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [left === 0]);
  const start = (ms: number) => {
    setNow(Date.now());
    setUntil(Date.now() + ms);
  };
  return [left, start];
}

/** The button that opens mode and colour. The tray closes on Escape, which gives the focus back, and on a press elsewhere. */
function InkPicker({ ink, onChange }: { ink: Ink; onChange: (ink: Ink) => void }) {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  const picker = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const pressed = (event: Event) => {
      if (!picker.current?.contains(event.target as Node)) setOpen(false);
    };
    const escaped = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", pressed);
    document.addEventListener("keydown", escaped);
    return () => {
      document.removeEventListener("pointerdown", pressed);
      document.removeEventListener("keydown", escaped);
    };
  }, [open]);
  return (
    <div ref={picker}>
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-expanded={open}
        aria-label={t("composer.style")}
        onClick={() => setOpen(!open)}
        data-testid="composer-style"
      >
        <StyleIcon />
        <span class="ink-dot" style={{ background: ink.color }} aria-hidden="true" />
      </button>
      {open && <InkTray ink={ink} onChange={onChange} />}
    </div>
  );
}

function InkTray({ ink, onChange }: { ink: Ink; onChange: (ink: Ink) => void }) {
  const t = useTexts();
  return (
    <div class="tray">
      <fieldset>
        <legend>{t("composer.mode")}</legend>
        <div class="choices">
          {modes.map((mode) => (
            <label class="choice" key={mode.value}>
              <input
                type="radio"
                name="mode"
                value={mode.value}
                checked={ink.mode === mode.value}
                onChange={() => onChange({ ...ink, mode: mode.value })}
              />
              <span class={`choice-face mode-${mode.value}`}>
                <span class="mode-sketch" aria-hidden="true" />
                {t(mode.name)}
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>{t("composer.color")}</legend>
        <div class="choices colors">
          {colors.map((color) => (
            <label class="choice" key={color.value} title={t(color.name)}>
              <input
                type="radio"
                name="color"
                value={color.value}
                aria-label={t(color.name)}
                checked={ink.color === color.value}
                onChange={() => onChange({ ...ink, color: color.value })}
              />
              <span class="swatch" style={{ background: color.value }} />
            </label>
          ))}
        </div>
      </fieldset>
    </div>
  );
}
