import { useEffect, useState } from "preact/hooks";
import { countText, useTexts } from "../i18n";
import { Avatar } from "../shell/avatar";
import { FormError } from "../shell/form-parts";
import { clockText } from "../shell/now";
import { useWork } from "../shell/work";
import type { Fan, FanCard } from "../wire/host-types";
import { roomApi } from "../wire/room-api";
import type { Counters } from "../wire/types";

/** Fans that are shown: what people read of a list. */
const shownFans = 20;

interface FansCardProps {
  roomId: string;
  counters: Counters;
  userId: string | undefined;
}

/** Who is here, and who contributes most. The ranking is asked for when the card is opened, and by its button. */
export function FansCard({ roomId, counters, userId }: FansCardProps) {
  const t = useTexts();
  const [fans, setFans] = useState<readonly FanCard[] | null>(null);
  const [mine, setMine] = useState<Fan | null>(null);
  const { busy, error, run } = useWork();
  const load = () =>
    run(async () => {
      const [list, own] = await Promise.all([
        roomApi.fans(roomId, shownFans),
        userId === undefined ? null : roomApi.mine(roomId),
      ]);
      setFans(list);
      setMine(own);
    });
  useEffect(() => void load(), [roomId, userId]);
  return (
    <div class="fans" data-testid="fans">
      <dl class="fan-numbers">
        <div>
          <dt>{t("fans.viewers")}</dt>
          <dd>{countText(counters.viewers)}</dd>
        </div>
        <div>
          <dt>{t("fans.peak")}</dt>
          <dd data-testid="peak-viewers" data-value={counters.peakViewers}>
            {countText(counters.peakViewers)}
          </dd>
        </div>
        {mine && (
          <div>
            <dt>{t("fans.watched")}</dt>
            <dd>{clockText(mine.watchSeconds)}</dd>
          </div>
        )}
      </dl>
      <FormError text={error} />
      {fans?.length === 0 && <p class="card-empty">{t("fans.empty")}</p>}
      <ol class="fan-list">
        {(fans ?? []).map((fan) => (
          <li key={fan.userId} class={fan.userId === userId ? "me" : ""} data-testid="fan">
            <span class={`fan-rank top-${fan.rank}`}>{fan.rank}</span>
            <Avatar id={fan.userId} name={fan.name} />
            <span class="fan-name">{fan.name}</span>
            <span class="fan-points">{t("fans.points", { n: countText(fan.points) })}</span>
          </li>
        ))}
      </ol>
      {mine && !fans?.some((fan) => fan.userId === userId) && (
        <p class="card-facts">{t("fans.mine", { n: countText(mine.points) })}</p>
      )}
      <p class="card-facts">{t("fans.rule")}</p>
      <button type="button" class="button quiet wide" disabled={busy} onClick={() => void load()}>
        {t("app.refresh")}
      </button>
    </div>
  );
}
