import { HttpClient, HttpError, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { describe, expect, it } from "vitest";
import { dealIntoColumns } from "../src/lobby/waterfall";
import { colors, luminance, tooDark } from "../src/room/palette";
import { readSettings, splitWords } from "../src/room/settings";
import { lengthOf, newKey } from "../src/room/text";
import { hueOf, monogram, seeded } from "../src/shell/seed";
import { backoffMs } from "../src/wire/backoff";
import { hubCode, problemOf, refusedToken } from "../src/wire/problem";

describe("backoffMs", () => {
  it("doubles to a ceiling, with up to a half taken off", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 60].map((attempt) => backoffMs(attempt, () => 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 15000, 15000, 15000,
    ]);
    expect(backoffMs(3, () => 0)).toBe(2000);
  });
});

describe("lengthOf", () => {
  it("counts scalar values of the trimmed text", () => {
    expect(lengthOf("  弹幕 ")).toBe(2);
    expect(lengthOf("👋🏽")).toBe(2);
    expect(lengthOf("   ")).toBe(0);
  });
});

describe("newKey", () => {
  it("fits the contract's form and does not repeat", () => {
    const keys = Array.from({ length: 100 }, newKey);
    for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(new Set(keys).size).toBe(100);
  });
});

describe("hubCode", () => {
  it("reads the code of a refusal, and none from a lost connection", () => {
    const refused =
      "An unexpected error occurred invoking 'JoinRoom' on the server. HubException: not_found: No such room.";
    expect(hubCode(new Error(refused))).toBe("not_found");
    expect(hubCode(new Error("rate_limited: Try again in 80 ms."))).toBe("rate_limited");
    expect(hubCode(new Error("Invocation canceled due to the underlying connection being closed."))).toBeNull();
  });
});

describe("refusedToken", () => {
  it("tells a refused token from a hub out of reach, as the SignalR client words them", async () => {
    class Refusing extends HttpClient {
      constructor(private readonly status: number) {
        super();
      }
      override send(): Promise<never> {
        return Promise.reject(new HttpError("refused", this.status));
      }
    }
    const connect = (status: number) => {
      const options = { httpClient: new Refusing(status), accessTokenFactory: () => "token" };
      const builder = new HubConnectionBuilder().withUrl("http://localhost/hub", options);
      return builder
        .configureLogging(LogLevel.None)
        .build()
        .start()
        .catch((error: unknown) => error);
    };
    expect(refusedToken(await connect(401))).toBe(true);
    expect(refusedToken(await connect(503))).toBe(false);
  });
});

describe("problemOf", () => {
  it("reads the code of a problem document", async () => {
    const response = new Response(JSON.stringify({ code: "handle_taken" }), { status: 409 });
    expect(await problemOf(response)).toMatchObject({ code: "handle_taken", status: 409 });
  });

  it("tells an answer without one by its status, and how long to wait", async () => {
    const response = new Response("busy", { status: 429, headers: { "Retry-After": "3" } });
    expect(await problemOf(response)).toMatchObject({ code: "rate_limited", retryAfterMs: 3000 });
    expect(await problemOf(new Response("", { status: 502 }))).toMatchObject({ code: "unknown" });
  });
});

describe("settings", () => {
  const before = {
    slowModeSeconds: 5,
    followersOnly: true,
    blockedWords: ["a"],
    hold: "words",
    shield: false,
  } as const;
  const kept = { ...before, blockedWords: [...before.blockedWords] };

  it("keep what the server left out", () => {
    expect(readSettings({ slowModeSeconds: 0, followersOnly: false, shield: true }, kept)).toEqual({
      slowModeSeconds: 0,
      followersOnly: false,
      blockedWords: ["a"],
      hold: "words",
      shield: true,
    });
    expect(readSettings(null, kept)).toEqual(kept);
  });

  it("with a hold this page does not know stay as they were", () => {
    expect(readSettings({ hold: "sometimes" }, kept).hold).toBe("words");
    expect(readSettings({ hold: "all" }, kept).hold).toBe("all");
  });

  it("split words at commas of either kind and line breaks, each once", () => {
    expect(splitWords("剧透,spoiler, ad\n剧透、,")).toEqual(["剧透", "spoiler", "ad"]);
  });
});

describe("dealIntoColumns", () => {
  it("gives each item to the shortest column and loses none", () => {
    expect(dealIntoColumns([5, 1, 1, 1, 1], 2, (height) => height)).toEqual([[5], [1, 1, 1, 1]]);
    expect(dealIntoColumns([], 2, () => 1)).toEqual([[], []]);
  });
});

describe("seeds", () => {
  it("are the same for the same room and differ between rooms", () => {
    const first = seeded("room:1");
    const again = seeded("room:1");
    const values = Array.from({ length: 50 }, first);
    expect(values).toEqual(Array.from({ length: 50 }, again));
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(hueOf("1")).not.toBe(hueOf("2"));
  });

  it("take a monogram from any script", () => {
    expect([monogram(" ann"), monogram("小红"), monogram("👋x"), monogram("")]).toEqual(["A", "小", "👋", "?"]);
  });
});

describe("colours", () => {
  it("on offer can be read on the dark stage (WCAG AA with room to spare)", () => {
    for (const { value } of colors)
      expect((luminance(value) + 0.05) / (luminance("#08070a") + 0.05)).toBeGreaterThan(7);
  });

  it("too dark for the stage are known", () => {
    expect(tooDark("#000000")).toBe(true);
    expect(tooDark("#102060")).toBe(true);
    expect(tooDark("#ffffff")).toBe(false);
  });
});
