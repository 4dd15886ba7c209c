import { useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { lengthOf } from "../room/text";
import { Avatar } from "../shell/avatar";
import { Choice } from "../shell/choice";
import { Dialog } from "../shell/dialog";
import { Field } from "../shell/field";
import { FormEnd } from "../shell/form-parts";
import { useStore } from "../shell/store";
import { useWork } from "../shell/work";
import { groupApi } from "../wire/group-api";
import type { JoinPolicy } from "../wire/group-types";
import type { GroupsSession } from "./groups-session";

export const maxGroupNameLength = 40;

export const policies = [
  { value: "open", name: "policy.open" },
  { value: "approval", name: "policy.approval" },
  { value: "invite", name: "policy.invite" },
] as const;

interface NewGroupDialogProps {
  talk: GroupsSession;
  onMade: (groupId: string) => void;
  onClose: () => void;
}

/** Makes a group, with some of those whom one talks to already. */
export function NewGroupDialog({ talk, onMade, onClose }: NewGroupDialogProps) {
  const t = useTexts();
  const [name, setName] = useState("");
  const [policy, setPolicy] = useState<JoinPolicy>("open");
  const [people, setPeople] = useState<readonly string[]>([]);
  const { busy, error, run } = useWork();
  const known = (useStore(talk.list) ?? []).filter((group) => group.peerId);
  const fits = lengthOf(name) > 0 && lengthOf(name) <= maxGroupNameLength;
  const submit = (event: Event) => {
    event.preventDefault();
    if (fits && !busy) void run(async () => onMade((await groupApi.make(name.trim(), policy, people)).groupId));
  };
  const toggle = (id: string) =>
    setPeople(people.includes(id) ? people.filter((other) => other !== id) : [...people, id]);
  return (
    <Dialog title={t("groups.new")} onClose={onClose}>
      <form class="form" onSubmit={submit}>
        <Field
          label={t("newGroup.name")}
          value={name}
          onChange={setName}
          max={maxGroupNameLength}
          placeholder={t("newGroup.namePlaceholder")}
          first
          testId="group-name"
        />
        <Choice label="newGroup.policy" choices={policies} current={policy} onChange={setPolicy} />
        {known.length > 0 && (
          <fieldset class="people">
            <legend>{t("newGroup.people")}</legend>
            {known.map((group) => (
              <label class="person" key={group.peerId}>
                <input
                  type="checkbox"
                  checked={people.includes(group.peerId!)}
                  onChange={() => toggle(group.peerId!)}
                />
                <Avatar id={group.peerId!} name={group.name} />
                <span>{group.name}</span>
              </label>
            ))}
          </fieldset>
        )}
        <FormEnd error={error} label={t("newGroup.make")} disabled={!fits || busy} testId="group-make" />
      </form>
    </Dialog>
  );
}
