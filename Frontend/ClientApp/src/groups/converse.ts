import { navigate } from "../shell/router";
import { groupApi } from "../wire/group-api";

/** Opens the conversation with somebody, the same every time. */
export async function converse(userId: string): Promise<void> {
  const group = await groupApi.converse(userId);
  navigate(`/groups/${group.groupId}`);
}
