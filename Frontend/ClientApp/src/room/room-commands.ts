import { hasJoined, rememberJoined } from "../draws/joined-draws";
import { withBallot, withPolls } from "../polls/polls";
import { withoutQuestion, withQuestions, withUpvote } from "../questions/questions";
import type { Store } from "../shell/store";
import { backoffMs } from "../wire/backoff";
import type { Hub } from "../wire/hub";
import { hubCode } from "../wire/problem";
import { roomApi } from "../wire/room-api";
import { session } from "../wire/session";
import type { Verdict } from "../wire/types";
import type { RoomView } from "./room-view";
import { newKey } from "./text";

/** How long a command waits for the connection before the page says that it was not sent. */
const sendLimitMs = 15_000;

/** What a viewer does beside talking. Each answers a verdict, or null when it could not be sent in time. */
export class RoomCommands {
  constructor(
    private readonly roomId: string,
    private readonly hub: Hub,
    private readonly view: Store<RoomView>,
  ) {}

  /**
   * Calls the hub until there is an answer: what was lost on the way is asked for again, which the server takes for
   * the same thing (by its key, or because doing it twice is doing it once).
   */
  async ask(method: string, ...args: unknown[]): Promise<Verdict | null> {
    const deadline = Date.now() + sendLimitMs;
    for (let attempt = 0; ; attempt++) {
      const left = deadline - Date.now();
      if (left <= 0 || !(await this.hub.whenLive(left))) return null;
      try {
        return await this.hub.invoke<Verdict>(method, this.roomId, ...args);
      } catch (error) {
        const code = hubCode(error);
        if (code && code !== "try_again") return { status: "rejected", reason: code };
        await new Promise((resolve) => setTimeout(resolve, backoffMs(Math.min(attempt, 2))));
      }
    }
  }

  async vote(pollId: string, choices: readonly number[]): Promise<Verdict | null> {
    const verdict = await this.ask("Vote", pollId, choices);
    if (verdict?.status === "accepted") {
      this.view.patch({ polls: withBallot(this.view.value.polls, pollId, choices) });
    } else if (verdict?.reason === "already_voted" || verdict?.reason === "poll_closed") {
      // Voted elsewhere, or the answer to the ballot was lost: the server knows what was chosen.
      await this.fetchPoll(pollId);
    }
    return verdict;
  }

  private async fetchPoll(pollId: string): Promise<void> {
    const poll = await roomApi.poll(this.roomId, pollId).catch(() => null);
    if (poll) this.view.patch({ polls: withPolls(this.view.value.polls, [poll]) });
  }

  question(text: string): Promise<Verdict | null> {
    return this.ask("Ask", text.trim(), newKey());
  }

  async upvote(questionId: string): Promise<Verdict | null> {
    const verdict = await this.ask("UpvoteQuestion", questionId);
    if (verdict?.status === "accepted" || verdict?.reason === "already_voted") {
      this.view.patch({ questions: withUpvote(this.view.value.questions, questionId) });
    }
    return verdict;
  }

  /** More questions than the join brought, and the answered ones. */
  async fetchQuestions(): Promise<void> {
    const [open, answered] = await Promise.all([
      roomApi.questions(this.roomId, "open"),
      roomApi.questions(this.roomId, "answered"),
    ]);
    this.view.patch({ questions: withQuestions(this.view.value.questions, [...open, ...answered]) });
  }

  async withdraw(questionId: string): Promise<void> {
    await roomApi.withdraw(this.roomId, questionId);
    this.view.patch({ questions: withoutQuestion(this.view.value.questions, questionId) });
  }

  async enterDraw(drawId: string): Promise<Verdict | null> {
    const verdict = await this.ask("EnterDraw", drawId);
    const me = session.value;
    if (verdict?.status === "accepted" && me) rememberJoined(me.userId, this.roomId, drawId);
    return verdict;
  }

  hasEntered(drawId: string): boolean {
    const me = session.value;
    return me !== null && hasJoined(me.userId, this.roomId, drawId);
  }
}
