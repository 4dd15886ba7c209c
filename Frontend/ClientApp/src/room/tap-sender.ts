import { hubCode } from "../wire/problem";
import { LikeGatherer, type LikeCall } from "./like-gatherer";
import { newKey } from "./text";

/** Sends taps (likes, cheers) as one call a second, each tap counted once however often a call is repeated. */
export class TapSender {
  private readonly taps = new LikeGatherer(newKey);
  /** The answer to the call under way was lost. */
  private lost = false;

  constructor(
    private readonly invoke: (call: LikeCall) => Promise<{ accepted: number }>,
    /** Some taps were not counted. */
    private readonly limited: () => void,
  ) {}

  /** False when it is one too many. */
  tap(): boolean {
    return this.taps.tap();
  }

  async send(): Promise<void> {
    const repeated = this.taps.underWay;
    if (repeated && !this.lost) return;
    const call = repeated ?? this.taps.next();
    if (!call) return;
    this.lost = false;
    try {
      const answer = await this.invoke(call);
      this.taps.answered();
      if (answer.accepted < call.count) this.limited();
    } catch (error) {
      const code = hubCode(error);
      // Without a code, or with one that says nobody knows, the answer is lost, not the taps: the key asks again.
      this.lost = code === null || code === "try_again";
      if (!this.lost) this.taps.answered();
      if (code === "rate_limited") this.limited();
    }
  }
}
