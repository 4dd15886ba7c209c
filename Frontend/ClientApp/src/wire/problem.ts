/** A refusal by the server, by its code from the wire contract. `network` and `unknown` are the page's own. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status = 0,
    readonly retryAfterMs = 0,
  ) {
    super(code);
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : "unknown";
}

const hubMessage = /(?:^|HubException: )([a-z_]+): /;

/** The code in a HubException's message (`code: text`); null when the call failed for another reason. */
export function hubCode(error: unknown): string | null {
  return error instanceof Error ? (hubMessage.exec(error.message)?.[1] ?? null) : null;
}

/** Whether the hub turned the token away. The SignalR client has the status in its error's text only. */
export function refusedToken(error: unknown): boolean {
  return error instanceof Error && error.message.includes("Status code '401'");
}

export async function problemOf(response: Response): Promise<Problem> {
  const retryAfterMs = Number(response.headers.get("Retry-After") ?? 0) * 1000 || 0;
  try {
    const body = (await response.json()) as { code?: unknown };
    if (typeof body.code === "string") return new Problem(body.code, response.status, retryAfterMs);
  } catch {
    // Not a problem document: told apart by its status below.
  }
  const byStatus: Record<number, string> = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    429: "rate_limited",
  };
  return new Problem(byStatus[response.status] ?? "unknown", response.status, retryAfterMs);
}
