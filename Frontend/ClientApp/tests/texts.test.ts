import { describe, expect, it } from "vitest";
import commands from "../../../Grains.Interfaces/Live/RoomCommands.cs?raw";
import draws from "../../../Grains.Interfaces/Live/Draws.cs?raw";
import groupCommands from "../../../Grains.Interfaces/Groups/GroupCommands.cs?raw";
import groups from "../../../Grains.Interfaces/Groups/Group.cs?raw";
import inbox from "../../../Grains.Interfaces/Users/IInboxGrain.cs?raw";
import moderation from "../../../Grains.Interfaces/Live/Moderation.cs?raw";
import { format, messages, type MessageKey } from "../src/i18n/messages";
import { errorKey, reasons, textOf } from "../src/i18n/verdict-text";
import { namesOf } from "./wire-names";

const keys = Object.keys(messages) as MessageKey[];
const marks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("the message table", () => {
  it.each(keys)("has %s in both languages, with the same marks", (key) => {
    const [zh, en] = messages[key];
    expect(zh.trim()).not.toBe("");
    expect(en.trim()).not.toBe("");
    expect(marks(zh)).toEqual(marks(en));
  });

  it("has no Chinese in English texts, but for the name of a language", () => {
    const mixed = keys.filter((key) => key !== "app.languageShort" && /\p{Script=Han}/u.test(messages[key][1]));
    expect(mixed).toEqual([]);
  });

  it("fills in marks, and leaves one without a value to be seen", () => {
    expect(format("en", "lobby.count", { n: 3 })).toBe("3 rooms");
    expect(format("zh", "lobby.count")).toContain("{n}");
  });
});

describe("verdicts", () => {
  it.each(reasons)("rejected for %s have a text of their own", (reason) => {
    const { key, tone } = textOf({ status: "rejected", reason });
    expect(key).toBe(`reason.${reason}`);
    expect(tone).toBe("bad");
  });

  it("of each status differ", () => {
    const statuses = ["accepted", "merged", "held"] as const;
    expect(statuses.map((status) => textOf({ status }).key)).toEqual([
      "verdict.accepted",
      "verdict.merged",
      "verdict.held",
    ]);
  });

  it("for a reason unknown here show its code", () => {
    const said = textOf({ status: "rejected", reason: "full_moon" });
    expect(format("en", said.key, said.values)).toContain("full_moon");
    expect(textOf({ status: "rejected" }).key).toBe("verdict.unknown");
  });
});

describe("problems", () => {
  const codes = [
    "invalid",
    "unauthorized",
    "bad_credentials",
    "forbidden",
    "not_found",
    "conflict",
    "handle_taken",
    "wrong_state",
    "order_expired",
    "too_large",
    "rate_limited",
    "try_again",
    "network",
  ];

  it.each(codes)("%s has a text", (code) => {
    expect(errorKey(code)).not.toBe("error.unknown");
  });

  it("unknown here are said to be so", () => {
    expect(errorKey("full_moon")).toBe("error.unknown");
  });
});

describe("everything the server may say", () => {
  it.each(namesOf(commands, "RejectReason"))("of refusals, %s, has a text", (reason) => {
    expect(reasons).toContain(reason);
    expect(textOf({ status: "rejected", reason }).key).toBe(`reason.${reason}`);
  });

  it.each([
    ...namesOf(moderation, "AuditAct").map((act) => `audit.${act}`),
    ...namesOf(moderation, "HoldMode").flatMap((mode) => [`order.hold.${mode}`, `review.mode.${mode}`]),
    ...namesOf(moderation, "HoldReason").map((reason) => `review.reason.${reason}`),
    ...namesOf(groupCommands, "GroupReason").map((reason) => `reason.${reason}`),
    ...namesOf(groups, "GroupRole").map((role) => `role.${role}`),
    ...namesOf(groups, "JoinPolicy").map((policy) => `policy.${policy}`),
    ...namesOf(inbox, "NoticeKind").map((kind) => `notice.${kind}`),
    ...namesOf(draws, "DrawConditionKind").flatMap((kind) => [
      `draw.condition.${kind}`,
      `draw.unmet.${kind}`,
      `draw.kind.${kind}`,
      `deal.condition.${kind}`,
      `buy.unmet.${kind}`,
    ]),
  ])("beside them, %s, has a text", (key) => expect(keys).toContain(key));
});
