import { useId } from "preact/hooks";
import { useTexts } from "../i18n";
import type { MessageKey } from "../i18n/messages";
import { Choice, Switch } from "../shell/choice";
import { Dialog } from "../shell/dialog";
import { useStore } from "../shell/store";
import { areas, changePrefs, densities, flyPrefs, opacityRange, sizeRange, usualPrefs } from "./fly-prefs";

/** How danmaku fly here: every change is seen on the stage at once. */
export function FlySettings({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  const prefs = useStore(flyPrefs);
  return (
    <Dialog title={t("fly.title")} onClose={onClose}>
      <div class="form" data-testid="fly-settings">
        <Switch label="fly.on" value={prefs.on} onChange={(on) => changePrefs({ on })} testId="fly-on" />
        <Switch
          label="fly.onlyMine"
          value={prefs.onlyMine}
          onChange={(onlyMine) => changePrefs({ onlyMine })}
          testId="fly-only-mine"
        />
        <Choice
          label="fly.density"
          choices={densities.map((density) => ({ value: density, name: `fly.density.${density}` as const }))}
          current={prefs.density}
          onChange={(density) => changePrefs({ density })}
        />
        <Choice
          label="fly.area"
          choices={areas.map((area) => ({ value: area, name: `fly.area.${area}` as const }))}
          current={prefs.area}
          onChange={(area) => changePrefs({ area })}
        />
        <Slider
          label="fly.size"
          range={sizeRange}
          value={prefs.size}
          onChange={(size) => changePrefs({ size })}
          testId="fly-size"
        />
        <Slider
          label="fly.opacity"
          range={opacityRange}
          value={prefs.opacity}
          onChange={(opacity) => changePrefs({ opacity })}
          testId="fly-opacity"
        />
        <button type="button" class="button quiet" onClick={() => changePrefs(usualPrefs)}>
          {t("fly.usual")}
        </button>
      </div>
    </Dialog>
  );
}

interface SliderProps {
  label: MessageKey;
  range: { min: number; max: number; step: number };
  value: number;
  onChange: (value: number) => void;
  testId: string;
}

function Slider({ label, range, value, onChange, testId }: SliderProps) {
  const t = useTexts();
  const id = useId();
  const percent = `${Math.round(value * 100)}%`;
  return (
    <div class="field">
      <label for={id}>
        {t(label)} <span class="slider-value">{percent}</span>
      </label>
      <input
        id={id}
        class="slider"
        style={{ "--done": `${((value - range.min) / (range.max - range.min)) * 100}%` }}
        type="range"
        {...range}
        value={value}
        aria-valuetext={percent}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
        data-testid={testId}
      />
    </div>
  );
}
