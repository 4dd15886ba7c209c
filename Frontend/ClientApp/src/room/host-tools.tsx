import { useEffect, useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import { Dialog } from "../shell/dialog";
import { Field } from "../shell/field";
import { toast } from "../shell/toast";
import { api } from "../wire/api";
import { codeOf } from "../wire/problem";
import type { RoomSettings } from "../wire/types";
import { readSettings, splitWords } from "./settings";

const slowChoices = [0, 3, 5, 10, 30, 60];

interface HostToolsProps {
  roomId: string;
  settings: RoomSettings;
  onClose: () => void;
}

export function HostTools({ roomId, settings, onClose }: HostToolsProps) {
  const t = useTexts();
  const [slow, setSlow] = useState(settings.slowModeSeconds);
  const [followers, setFollowers] = useState(settings.followersOnly);
  const [words, setWords] = useState<string | null>(null);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const [ending, setEnding] = useState(false);

  useEffect(() => {
    // Blocked words are the host's alone: the hub does not send them.
    api.settings(roomId).then(
      (answer) => {
        const now = readSettings(answer, settings);
        setSlow(now.slowModeSeconds);
        setFollowers(now.followersOnly);
        setWords(now.blockedWords.join("\n"));
      },
      (problem: unknown) => setError(text(errorKey(codeOf(problem)))),
    );
  }, []);

  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setError("");
    try {
      await work();
      onClose();
    } catch (problem) {
      setError(text(errorKey(codeOf(problem))));
      setBusy(false);
    }
  };
  const save = (event: Event) => {
    event.preventDefault();
    const change = {
      slowModeSeconds: slow,
      followersOnly: followers,
      ...(words === null ? {} : { blockedWords: splitWords(words) }),
    };
    void run(async () => {
      await api.changeSettings(roomId, change);
      toast(text("app.saved"));
    });
  };

  if (ending) {
    return (
      <Dialog title={t("host.end")} text={t("host.endConfirm")} onClose={() => setEnding(false)}>
        <p class="form-error" role="alert">
          {error}
        </p>
        <div class="dialog-actions">
          <button type="button" class="button quiet" data-first onClick={() => setEnding(false)}>
            {t("app.cancel")}
          </button>
          <button
            type="button"
            class="button primary"
            disabled={busy}
            onClick={() => void run(() => api.endRoom(roomId))}
            data-testid="end-confirm"
          >
            {t("host.end")}
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("host.settings")} onClose={onClose}>
      <form class="form" onSubmit={save}>
        <div class="field">
          <label for="slow-mode">{t("host.slowMode")}</label>
          <select
            id="slow-mode"
            class="input"
            value={slow}
            data-first
            data-testid="slow-mode"
            onChange={(event) => setSlow(Number(event.currentTarget.value))}
          >
            {[...new Set([...slowChoices, slow])]
              .sort((a, b) => a - b)
              .map((seconds) => (
                <option key={seconds} value={seconds}>
                  {seconds === 0 ? t("host.slowOff") : t("host.slowSeconds", { n: seconds })}
                </option>
              ))}
          </select>
        </div>
        <label class="switch">
          <span>{t("host.followersOnly")}</span>
          <input
            type="checkbox"
            role="switch"
            checked={followers}
            onChange={(event) => setFollowers(event.currentTarget.checked)}
            data-testid="followers-only"
          />
        </label>
        <Field
          label={t("host.blockedWords")}
          hint={t("host.blockedHint")}
          value={words ?? ""}
          onChange={setWords}
          rows={3}
          testId="blocked-words"
        />
        <p class="form-error" role="alert">
          {error}
        </p>
        <div class="dialog-actions">
          <button type="button" class="button danger" onClick={() => setEnding(true)} data-testid="end-room">
            {t("host.end")}
          </button>
          <button type="submit" class="button primary" disabled={busy} data-testid="settings-save">
            {t("app.save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
