import { useEffect, useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { FormError, Retry } from "../shell/form-parts";
import { usePage } from "../shell/page";
import { ProfileHead } from "../shell/profile-head";
import { requireSession } from "../shell/sign-in";
import { useStore } from "../shell/store";
import { useWork } from "../shell/work";
import { api } from "../wire/api";
import { session } from "../wire/session";
import type { Profile } from "../wire/types";
import { converse } from "./converse";

/** Somebody's profile, with a way to follow and to write. */
export function UserPage({ userId }: { userId: string }) {
  const t = useTexts();
  const [profile, setProfile] = useState<Profile | null>(null);
  const [failed, setFailed] = useState(false);
  const heading = usePage(profile?.name ?? t("user.title"));
  const me = useStore(session)?.userId;
  const load = () => {
    setFailed(false);
    api.user(userId).then(setProfile, () => setFailed(true));
  };
  useEffect(load, [userId, me]);
  return (
    <main id="main" class="profile">
      <h1 ref={heading} tabIndex={-1}>
        {t("user.title")}
      </h1>
      {failed && <Retry text={t("user.failed")} label={t("app.retry")} onRetry={load} />}
      {!failed && !profile && <div class="panel skeleton block" role="status" aria-label={t("app.loading")} />}
      {profile && <Card profile={profile} mine={me === userId} onChange={setProfile} />}
    </main>
  );
}

interface CardProps {
  profile: Profile;
  mine: boolean;
  onChange: (profile: Profile) => void;
}

function Card({ profile, mine, onChange }: CardProps) {
  const t = useTexts();
  const { busy, error, run } = useWork();
  const { userId, isFollowing } = profile;
  const follow = async () => {
    if (!(await requireSession())) return;
    await run(async () => {
      await (isFollowing ? api.unfollow(userId) : api.follow(userId));
      onChange(await api.user(userId));
    });
  };
  const write = async () => {
    if (await requireSession()) await run(() => converse(userId));
  };
  return (
    <div class="panel">
      <ProfileHead profile={profile} />
      {profile.signature && <p class="user-signature">{profile.signature}</p>}
      {!mine && (
        <div class="user-actions">
          <button
            type="button"
            class="button primary"
            disabled={busy}
            onClick={() => void write()}
            data-testid="user-message"
          >
            {t("user.message")}
          </button>
          <button
            type="button"
            class="button quiet"
            aria-pressed={isFollowing}
            disabled={busy}
            onClick={() => void follow()}
            data-testid="user-follow"
          >
            {t(isFollowing ? "user.following" : "user.follow")}
          </button>
        </div>
      )}
      <FormError text={error} />
    </div>
  );
}
