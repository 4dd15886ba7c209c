import { useEffect, useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { lengthOf } from "../room/text";
import { Avatar } from "../shell/avatar";
import { Choice } from "../shell/choice";
import { copy } from "../shell/clipboard";
import { ConfirmDialog } from "../shell/confirm-dialog";
import { Dialog } from "../shell/dialog";
import { Field } from "../shell/field";
import { FormEnd, FormError } from "../shell/form-parts";
import { MoreIcon } from "../shell/icons";
import { Link, navigate } from "../shell/router";
import { toast } from "../shell/toast";
import { useWork } from "../shell/work";
import { groupApi } from "../wire/group-api";
import type { Group, GroupMember, Invite, JoinRequest } from "../wire/group-types";
import { runs, type ChatView } from "./chat-view";
import { converse } from "./converse";
import type { GroupsSession } from "./groups-session";
import { maxGroupNameLength, policies } from "./new-group";
import { wholeTime } from "./time-text";

const maxAnnouncementLength = 1_000;
const muteSeconds = 600;
const daySeconds = 86_400;

interface MembersDialogProps {
  talk: GroupsSession;
  view: ChatView;
  onClose: () => void;
}

/** What a group is: its members and, for those who run it, what can be changed. */
export function MembersDialog({ talk, view, onClose }: MembersDialogProps) {
  const t = useTexts();
  const group = view.group!;
  const direct = group.kind === "direct";
  return (
    <Dialog title={group.name} onClose={onClose}>
      <div class="group-info" data-testid="members-panel">
        {!direct && runs(group) && <Requests groupId={group.groupId} />}
        <section class="digest-part">
          <h3>
            {t("members.title")} · {group.members}
          </h3>
          <MemberList talk={talk} view={view} />
        </section>
        {!direct && (runs(group) || group.joinPolicy === "open") && <Invites groupId={group.groupId} />}
        {!direct && runs(group) && <Settings group={group} />}
        {!direct && <Leave talk={talk} group={group} onDone={onClose} />}
      </div>
    </Dialog>
  );
}

function MemberList({ talk, view }: { talk: GroupsSession; view: ChatView }) {
  const t = useTexts();
  const [more, setMore] = useState<readonly GroupMember[]>([]);
  const { busy, error, run } = useWork();
  const known = new Set(view.members.map((member) => member.userId));
  const members = [...view.members, ...more.filter((member) => !known.has(member.userId))];
  const load = () =>
    run(async () => {
      const last = [...view.members, ...more].reduce(
        (most, one) => (BigInt(one.userId) > BigInt(most) ? one.userId : most),
        "0",
      );
      setMore([...more, ...(await groupApi.members(view.groupId!, last, 200)).items]);
    });
  return (
    <>
      <ul class="people-list">
        {members.map((member) => (
          <MemberLine key={member.userId} talk={talk} group={view.group!} member={member} />
        ))}
      </ul>
      {members.length < (view.group?.members ?? 0) && (
        <button type="button" class="button quiet wide" disabled={busy} onClick={() => void load()}>
          {t("members.more")}
        </button>
      )}
      <FormError text={error} />
    </>
  );
}

interface MemberLineProps {
  talk: GroupsSession;
  group: Group;
  member: GroupMember;
}

function MemberLine({ talk, group, member }: MemberLineProps) {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  const me = member.userId === talk.userId;
  const muted = (member.mutedUntil ?? 0) > Date.now();
  return (
    <li class="member" data-testid="member" data-user-id={member.userId} data-role={member.role}>
      <div class="person">
        <Avatar id={member.userId} name={member.name} size="medium" />
        <span class="member-words">
          <span>
            {member.name}
            {member.role !== "member" && <span class="tag soft">{t(`role.${member.role}`)}</span>}
            {muted && <span class="tag soft">{t("members.muted")}</span>}
          </span>
          {group.kind === "group" && <span class="card-facts">{t("members.points", { n: member.points })}</span>}
        </span>
        {!me && (
          <button
            type="button"
            class="icon-button"
            aria-label={t("members.menu", { name: member.name })}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            data-testid="member-menu"
          >
            <MoreIcon />
          </button>
        )}
      </div>
      {open && <MemberMenu talk={talk} group={group} member={member} muted={muted} onDone={() => setOpen(false)} />}
    </li>
  );
}

function MemberMenu({ group, member, muted, onDone }: MemberLineProps & { muted: boolean; onDone: () => void }) {
  const t = useTexts();
  const { busy, error, run } = useWork();
  const [removing, setRemoving] = useState(false);
  const at = group.groupId;
  const who = member.userId;
  const owner = group.myRole === "owner";
  const above = group.kind === "group" && (owner || (group.myRole === "admin" && member.role === "member"));
  const act = (work: () => Promise<unknown>) => async () => {
    if (await run(work)) onDone();
  };
  const roles = owner && group.kind === "group";
  return (
    <div class="line-menu">
      <Link to={`/user/${who}`} class="mini-button as-link">
        {t("members.profile")}
      </Link>
      {group.kind === "group" && (
        <Button label={t("members.message")} testId="member-message" busy={busy} onClick={act(() => converse(who))} />
      )}
      {roles && member.role === "member" && (
        <Button
          label={t("members.makeAdmin")}
          testId="make-admin"
          busy={busy}
          onClick={act(() => groupApi.setRole(at, who, "admin"))}
        />
      )}
      {roles && member.role === "admin" && (
        <>
          <Button
            label={t("members.makeMember")}
            testId="make-member"
            busy={busy}
            onClick={act(() => groupApi.setRole(at, who, "member"))}
          />
          <Button
            label={t("members.makeOwner")}
            testId="make-owner"
            busy={busy}
            onClick={act(() => groupApi.setRole(at, who, "owner"))}
          />
        </>
      )}
      {above && !muted && (
        <>
          <Button
            label={t("members.mute")}
            testId="mute"
            busy={busy}
            onClick={act(() => groupApi.mute(at, who, muteSeconds))}
          />
          <Button
            label={t("members.muteDay")}
            testId="mute-day"
            busy={busy}
            onClick={act(() => groupApi.mute(at, who, daySeconds))}
          />
        </>
      )}
      {above && muted && (
        <Button label={t("members.unmute")} testId="unmute" busy={busy} onClick={act(() => groupApi.unmute(at, who))} />
      )}
      {above && (
        <Button label={t("members.remove")} testId="remove-member" busy={busy} onClick={() => setRemoving(true)} />
      )}
      <FormError text={error} />
      {removing && (
        <ConfirmDialog
          title={t("members.remove")}
          text={t("members.removeText", { name: member.name })}
          label={t("members.remove")}
          look="danger"
          testId="remove-confirm"
          onConfirm={() => groupApi.remove(at, who)}
          onDone={() => setRemoving(false)}
          onClose={() => setRemoving(false)}
        />
      )}
    </div>
  );
}

interface ButtonProps {
  label: string;
  testId: string;
  busy: boolean;
  onClick: () => unknown;
}

function Button({ label, testId, busy, onClick }: ButtonProps) {
  return (
    <button type="button" class="mini-button" disabled={busy} onClick={() => void onClick()} data-testid={testId}>
      {label}
    </button>
  );
}

function Requests({ groupId }: { groupId: string }) {
  const t = useTexts();
  const [requests, setRequests] = useState<readonly JoinRequest[]>([]);
  const { busy, error, run } = useWork();
  const load = () => void run(async () => setRequests(await groupApi.requests(groupId)));
  useEffect(load, [groupId]);
  if (requests.length === 0) return <FormError text={error} />;
  const decide = (work: () => Promise<unknown>) => () =>
    run(async () => {
      await work();
      setRequests(await groupApi.requests(groupId));
    });
  return (
    <section class="digest-part" data-testid="requests">
      <h3>{t("members.requests")}</h3>
      <ul class="people-list">
        {requests.map(({ userId, name }) => (
          <li class="person" key={userId}>
            <Avatar id={userId} name={name} size="medium" />
            <span class="member-words">{name}</span>
            <Button
              label={t("members.accept")}
              testId="accept"
              busy={busy}
              onClick={decide(() => groupApi.join(groupId, userId))}
            />
            <Button
              label={t("members.refuse")}
              testId="refuse"
              busy={busy}
              onClick={decide(() => groupApi.remove(groupId, userId))}
            />
          </li>
        ))}
      </ul>
      <FormError text={error} />
    </section>
  );
}

function Invites({ groupId }: { groupId: string }) {
  const t = useTexts();
  const [invites, setInvites] = useState<readonly Invite[] | null>(null);
  const { busy, error, run } = useWork();
  const load = () => void run(async () => setInvites(await groupApi.invites(groupId)));
  useEffect(load, [groupId]);
  const after = (work: () => Promise<unknown>) => () =>
    run(async () => {
      await work();
      setInvites(await groupApi.invites(groupId));
    });
  return (
    <section class="digest-part" data-testid="invites">
      <h3>{t("invite.title")}</h3>
      {invites?.length === 0 && <p class="card-facts">{t("invite.none")}</p>}
      <ul class="people-list">
        {(invites ?? []).map((invite) => (
          <li class="invite" key={invite.code} data-testid="invite" data-code={invite.code}>
            <span class="invite-link">{addressOf(invite)}</span>
            <span class="card-facts">{t("invite.until", { time: wholeTime(invite.expiresAt) })}</span>
            <span class="form-buttons">
              <Button label={t("invite.copy")} testId="invite-copy" busy={busy} onClick={() => copyLink(invite)} />
              <Button
                label={t("invite.revoke")}
                testId="invite-revoke"
                busy={busy}
                onClick={after(() => groupApi.revoke(groupId, invite.code))}
              />
            </span>
          </li>
        ))}
      </ul>
      <FormError text={error} />
      <button
        type="button"
        class="button quiet wide"
        disabled={busy}
        onClick={() => void after(() => groupApi.invite(groupId))()}
        data-testid="invite-make"
      >
        {t("invite.make")}
      </button>
    </section>
  );
}

const addressOf = (invite: Invite) => `${location.origin}/invite/${invite.code}`;

const copyLink = (invite: Invite): Promise<void> =>
  copy(addressOf(invite), text("room.shared"), text("error.unknown"));

function Settings({ group }: { group: Group }) {
  const t = useTexts();
  const [name, setName] = useState(group.name);
  const [announcement, setAnnouncement] = useState(group.announcement?.text ?? "");
  const [policy, setPolicy] = useState(group.joinPolicy);
  const { busy, error, run } = useWork();
  const fits =
    lengthOf(name) > 0 && lengthOf(name) <= maxGroupNameLength && lengthOf(announcement) <= maxAnnouncementLength;
  const submit = async (event: Event) => {
    event.preventDefault();
    const change = { name: name.trim(), announcement: announcement.trim().replace(/\s+/g, " "), joinPolicy: policy };
    if (fits && !busy && (await run(() => groupApi.change(group.groupId, change)))) toast(text("app.saved"));
  };
  return (
    <section class="digest-part">
      <h3>{t("members.settings")}</h3>
      <form class="form" onSubmit={(event) => void submit(event)}>
        <Field label={t("newGroup.name")} value={name} onChange={setName} max={maxGroupNameLength} testId="edit-name" />
        <Field
          label={t("members.announcement")}
          value={announcement}
          onChange={setAnnouncement}
          max={maxAnnouncementLength}
          rows={3}
          placeholder={t("members.announcementPlaceholder")}
          testId="edit-announcement"
        />
        <Choice label="newGroup.policy" choices={policies} current={policy} onChange={setPolicy} />
        <FormEnd error={error} label={t("app.save")} disabled={!fits || busy} testId="group-save" />
      </form>
    </section>
  );
}

function Leave({ talk, group, onDone }: { talk: GroupsSession; group: Group; onDone: () => void }) {
  const t = useTexts();
  const [asking, setAsking] = useState(false);
  const left = () => {
    onDone();
    void talk.refresh();
    navigate("/groups");
  };
  return (
    <>
      <button type="button" class="button danger wide" onClick={() => setAsking(true)} data-testid="leave">
        {t("members.leave")}
      </button>
      {asking && (
        <ConfirmDialog
          title={t("members.leave")}
          text={t("members.leaveText")}
          label={t("members.leave")}
          look="danger"
          testId="leave-confirm"
          onConfirm={() => groupApi.remove(group.groupId, talk.userId!)}
          onDone={left}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
