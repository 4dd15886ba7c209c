import { useEffect, useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import type { RoomView } from "../room/room-view";
import { holdModes, readSettings, splitWords } from "../room/settings";
import { Avatar } from "../shell/avatar";
import { Choice, Switch } from "../shell/choice";
import { Field } from "../shell/field";
import { FormEnd, FormError } from "../shell/form-parts";
import { useNames } from "../shell/names";
import { SelectField, withCurrent } from "../shell/select-field";
import { toast } from "../shell/toast";
import { useWork } from "../shell/work";
import { codeOf } from "../wire/problem";
import { hostApi } from "../wire/room-api";
import type { HoldMode } from "../wire/types";

const slowChoices = [0, 3, 5, 10, 30, 60, 120, 300, 600];

interface OrderTabProps {
  roomId: string;
  view: RoomView;
  host: boolean;
}

/** The rules of the room, and who has a say in it or has lost it. */
export function OrderTab({ roomId, view, host }: OrderTabProps) {
  return (
    <div class="console-stack">
      <Shield roomId={roomId} up={view.settings.shield} />
      {host && <Rules roomId={roomId} view={view} />}
      <People roomId={roomId} view={view} host={host} />
    </div>
  );
}

/** One switch for a storm: the strictest rules hold while it is up. */
function Shield({ roomId, up }: { roomId: string; up: boolean }) {
  const t = useTexts();
  const { error, run } = useWork();
  /** What was asked for, until the server has answered. */
  const [wanted, setWanted] = useState<boolean | null>(null);
  const turn = async (shield: boolean) => {
    setWanted(shield);
    await run(() => hostApi.changeSettings(roomId, { shield }));
    setWanted(null);
  };
  return (
    <div class={`shield${up ? " up" : ""}`}>
      <Switch label="order.shield" value={wanted ?? up} onChange={(shield) => void turn(shield)} testId="shield" />
      <p class="card-facts">{t("order.shieldText")}</p>
      <FormError text={error} />
    </div>
  );
}

interface RulesForm {
  slow: number;
  followers: boolean;
  hold: HoldMode;
  /** One to a line; null: not known yet. */
  words: string | null;
}

function Rules({ roomId, view }: { roomId: string; view: RoomView }) {
  const t = useTexts();
  const [stored, setStored] = useState<RulesForm>({
    slow: view.settings.slowModeSeconds,
    followers: view.settings.followersOnly,
    hold: view.settings.hold,
    words: null,
  });
  /** What the host has changed and not saved: an answer that comes late does not undo it. */
  const [edited, setEdited] = useState<Partial<RulesForm>>({});
  const rules = { ...stored, ...edited };
  const edit = (change: Partial<RulesForm>) => setEdited((before) => ({ ...before, ...change }));
  const { busy, error, run, setError } = useWork();
  useEffect(() => {
    // What viewers see are the rules as they hold; the host's own, with the blocked words, are asked for.
    hostApi.settings(roomId).then(
      (answer) => {
        const now = readSettings(answer, view.settings);
        setStored({
          slow: now.slowModeSeconds,
          followers: now.followersOnly,
          hold: now.hold,
          words: now.blockedWords.join("\n"),
        });
      },
      (problem: unknown) => setError(text(errorKey(codeOf(problem)))),
    );
  }, [roomId]);
  const save = async (event: Event) => {
    event.preventDefault();
    const change = {
      slowModeSeconds: rules.slow,
      followersOnly: rules.followers,
      hold: rules.hold,
      ...(rules.words === null ? {} : { blockedWords: splitWords(rules.words) }),
    };
    if (await run(() => hostApi.changeSettings(roomId, change))) toast(text("app.saved"));
  };
  return (
    <form class="form" onSubmit={save} aria-label={t("host.settings")}>
      <SelectField
        label={t("host.slowMode")}
        value={rules.slow}
        choices={withCurrent(slowChoices, rules.slow).map((seconds) => ({
          value: seconds,
          name: seconds === 0 ? t("host.slowOff") : t("host.slowSeconds", { n: seconds }),
        }))}
        onChange={(slow) => edit({ slow })}
        testId="slow-mode"
      />
      <Switch
        label="host.followersOnly"
        value={rules.followers}
        onChange={(followers) => edit({ followers })}
        testId="followers-only"
      />
      <Choice
        label="order.hold"
        choices={holdModes.map((mode) => ({ value: mode, name: `order.hold.${mode}` as const }))}
        current={rules.hold}
        onChange={(hold) => edit({ hold })}
      />
      <Field
        label={t("host.blockedWords")}
        hint={t("host.blockedHint")}
        value={rules.words ?? ""}
        onChange={(words) => edit({ words })}
        rows={3}
        testId="blocked-words"
      />
      <FormEnd error={error} label={t("app.save")} disabled={busy} testId="settings-save" />
    </form>
  );
}

function People({ roomId, view, host }: OrderTabProps) {
  const t = useTexts();
  const { busy, error, run } = useWork();
  const muted = [...view.muted.keys()];
  const nameOf = useNames([...view.moderators, ...muted]);
  return (
    <>
      <h3 class="card-heading">{t("order.moderators")}</h3>
      <p class="card-facts">{t("order.moderatorsText")}</p>
      <ul class="people">
        {view.moderators.map((id) => (
          <li key={id} data-testid="moderator">
            <Avatar id={id} name={nameOf(id)} />
            <span>{nameOf(id)}</span>
            {host && (
              <button
                type="button"
                class="mini-button"
                disabled={busy}
                onClick={() => void run(() => hostApi.removeModerator(roomId, id))}
              >
                {t("host.removeModerator")}
              </button>
            )}
          </li>
        ))}
      </ul>
      {muted.length > 0 && <h3 class="card-heading">{t("order.muted")}</h3>}
      <ul class="people">
        {muted.map((id) => (
          <li key={id} data-testid="muted-user">
            <Avatar id={id} name={nameOf(id)} />
            <span>{nameOf(id)}</span>
            <button
              type="button"
              class="mini-button"
              disabled={busy}
              onClick={() => void run(() => hostApi.unmute(roomId, id))}
            >
              {t("host.unmuteShort")}
            </button>
          </li>
        ))}
      </ul>
      <FormError text={error} />
    </>
  );
}
