import { countText, useTexts } from "../i18n";
import type { Profile } from "../wire/types";
import { Avatar } from "./avatar";

/** Whose profile it is, and the numbers others judge it by. */
export function ProfileHead({ profile }: { profile: Profile }) {
  const t = useTexts();
  const numbers: [string, number][] = [
    [t("profile.followers"), profile.followers],
    [t("profile.following"), profile.following],
    [t("profile.likes"), profile.likesReceived],
  ];
  return (
    <div class="profile-head">
      <Avatar id={profile.userId} name={profile.name} size="large" />
      <div>
        <p class="profile-name" data-testid="user-name">
          {profile.name}
        </p>
        <dl class="profile-numbers">
          {numbers.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{countText(value)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}
