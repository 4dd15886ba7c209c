import type { GroupEvent, ListedGroup, Message } from "../wire/group-types";

const timeOf = (group: ListedGroup) => group.lastMessage?.at ?? group.createdAt;

/** That of the newest message first. */
export function inOrder(groups: readonly ListedGroup[]): readonly ListedGroup[] {
  return [...groups].sort((a, b) => timeOf(b) - timeOf(a) || (a.groupId < b.groupId ? -1 : 1));
}

/** How many wait, over all groups. */
export function unreadOf(groups: readonly ListedGroup[]): number {
  return groups.reduce((sum, group) => sum + group.unread, 0);
}

/**
 * What an event of an open group makes of its line in the list. Unread counts are the server's when the list is asked
 * for; in between, a message of somebody else counts one more.
 */
export function withGroupEvent(
  groups: readonly ListedGroup[],
  groupId: string,
  event: GroupEvent,
  userId: string | undefined,
): readonly ListedGroup[] {
  return changed(groups, groupId, (group) => {
    switch (event.kind) {
      case "message":
        return withMessage(group, event.message, userId);
      case "edited":
        return group.lastMessage?.seq === event.message.seq ? { ...group, lastMessage: event.message } : group;
      case "recalled":
        return group.lastMessage?.seq === event.seq
          ? { ...group, lastMessage: { ...group.lastMessage, text: "", recalled: true } }
          : group;
      case "read":
        return event.userId === userId ? withMark(group, event.seq) : group;
      case "renamed":
        return { ...group, name: event.name };
      case "member":
        return { ...group, members: event.members };
      default:
        return group;
    }
  });
}

/** This user has read up to there. All of it when that is the last message; the server counts the rest. */
export function withMark(group: ListedGroup, seq: number): ListedGroup {
  if (seq <= group.readSeq) return group;
  const rest = seq >= group.lastSeq ? { unread: 0, unreadMentions: 0 } : {};
  return { ...group, readSeq: seq, ...rest };
}

export function changed(
  groups: readonly ListedGroup[],
  groupId: string,
  change: (group: ListedGroup) => ListedGroup,
): readonly ListedGroup[] {
  return inOrder(groups.map((group) => (group.groupId === groupId ? change(group) : group)));
}

function withMessage(group: ListedGroup, message: Message, userId: string | undefined): ListedGroup {
  if (message.seq <= group.lastSeq) return group;
  const mine = message.from === userId;
  const mentioned = userId !== undefined && (message.mentions?.includes(userId) ?? false);
  return {
    ...group,
    lastSeq: message.seq,
    lastMessage: message,
    unread: group.unread + (mine ? 0 : 1),
    unreadMentions: group.unreadMentions + (mentioned && !mine ? 1 : 0),
    readSeq: mine && group.readSeq === message.seq - 1 ? message.seq : group.readSeq,
  };
}
