import { useMemo, useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { ConditionField } from "../draws/condition-field";
import { newKey } from "../room/text";
import { Choice } from "../shell/choice";
import { Field } from "../shell/field";
import { FormEnd } from "../shell/form-parts";
import { SecondsField } from "../shell/seconds-field";
import { useWork } from "../shell/work";
import { dealApi } from "../wire/deal-api";
import type { Deal } from "../wire/deal-types";
import { serverClock } from "../wire/server-clock";
import { dealOf, emptyDraft, faultsOf, maxDealTitleLength, type DealDraft, type When } from "./deal-draft";

const whens: readonly When[] = ["now", "later", "prepared"];
const lasts = [60, 180, 300, 600, 1_800, 3_600, 86_400];
const payTimes = [60, 180, 300, 600, 900, 1_800];
const openTexts = { now: "host.dealOpen", later: "host.dealSchedule", prepared: "host.dealPrepare" } as const;

interface DealFormProps {
  roomId: string;
  onMade: (deal: Deal) => void;
}

export function DealForm({ roomId, onMade }: DealFormProps) {
  const t = useTexts();
  const [draft, setDraft] = useState<DealDraft>(emptyDraft);
  const edit = (change: Partial<DealDraft>) => setDraft((before) => ({ ...before, ...change }));
  const { busy, error, run } = useWork();
  // The same content goes again under the same key, so that a lost answer does not put it on sale twice.
  const key = useMemo(newKey, [JSON.stringify(draft)]);
  const deal = dealOf(draft, serverClock.now());
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!deal || busy) return;
    let made: Deal | undefined;
    if ((await run(async () => (made = await dealApi.open(roomId, { ...deal, key })))) && made) onMade(made);
  };
  return (
    <form class="form sub-form" onSubmit={submit} aria-label={t("host.newDeal")} data-testid="deal-form">
      <Goods draft={draft} edit={edit} />
      <ConditionField
        label={t("host.dealWho")}
        draft={draft.condition}
        onChange={(condition) => edit({ condition })}
        name="deal"
      />
      <Times draft={draft} edit={edit} />
      <FormEnd error={error} label={t(openTexts[draft.when])} disabled={!deal || busy} testId="deal-open" />
    </form>
  );
}

interface PartProps {
  draft: DealDraft;
  edit: (change: Partial<DealDraft>) => void;
}

/** What is sold, for how much, and how many. */
function Goods({ draft, edit }: PartProps) {
  const t = useTexts();
  const faults = faultsOf(draft, serverClock.now());
  const hint = (wrong: boolean, text: string) => (wrong ? { hint: text, wrong } : {});
  return (
    <>
      <Field
        label={t("host.dealTitle")}
        value={draft.title}
        onChange={(title) => edit({ title })}
        max={maxDealTitleLength}
        testId="deal-title"
      />
      <div class="two-fields">
        <Field
          label={t("host.dealPrice")}
          value={draft.price}
          onChange={(price) => edit({ price })}
          inputMode="decimal"
          testId="deal-price"
          {...hint(faults.price, t("host.dealBadPrice"))}
        />
        <Field
          label={t("host.dealListPrice")}
          value={draft.listPrice}
          onChange={(listPrice) => edit({ listPrice })}
          placeholder={t("host.dealOptional")}
          inputMode="decimal"
          testId="deal-list-price"
          {...hint(faults.listPrice, t("host.dealBadList"))}
        />
        <Field
          label={t("host.dealStock")}
          value={draft.stock}
          onChange={(stock) => edit({ stock })}
          inputMode="numeric"
          wrong={faults.stock}
          testId="deal-stock"
        />
        <Field
          label={t("host.dealPerBuyer")}
          value={draft.perBuyer}
          onChange={(perBuyer) => edit({ perBuyer })}
          inputMode="numeric"
          wrong={faults.perBuyer}
          testId="deal-per-buyer"
        />
      </div>
    </>
  );
}

/** When it begins, for how long, and how long buyers have to pay. */
function Times({ draft, edit }: PartProps) {
  const t = useTexts();
  const wrong = faultsOf(draft, serverClock.now()).at;
  return (
    <>
      <Choice
        label="host.dealWhen"
        choices={whens.map((when) => ({ value: when, name: `host.dealWhen.${when}` as const }))}
        current={draft.when}
        onChange={(when) => edit({ when })}
      />
      {draft.when === "later" && (
        <Field
          label={t("host.dealAt")}
          value={draft.at}
          onChange={(at) => edit({ at })}
          type="datetime-local"
          testId="deal-at"
          {...(wrong ? { hint: t("host.dealBadTime"), wrong } : {})}
        />
      )}
      <div class="two-fields">
        <SecondsField
          label={t("console.lasts")}
          value={draft.seconds}
          onChange={(seconds) => edit({ seconds })}
          choices={lasts}
          testId="deal-seconds"
        />
        <SecondsField
          label={t("host.dealPayWithin")}
          value={draft.payWithinSeconds}
          onChange={(payWithinSeconds) => edit({ payWithinSeconds })}
          choices={payTimes}
          testId="deal-pay-within"
        />
      </div>
    </>
  );
}
