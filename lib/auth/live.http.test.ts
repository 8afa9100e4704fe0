import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { readingOf } from "@/lib/domain/live";
import { makeAccount, makeMember, signInAgain } from "@/test/support/accounts";
import { base, cookieOf } from "@/test/support/browser-request";

/** Reads what comes until it holds this text, or the end when none is given; at most so many milliseconds. */
async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  text: string | null,
  withinMs: number,
) {
  const decoder = new TextDecoder();
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("too late")), withinMs));
  for (let all = ""; text === null || !all.includes(text); ) {
    const { done, value } = await Promise.race([reader.read(), late]);
    if (done) return "end";
    all += decoder.decode(value, { stream: true });
  }
  return "found";
}

const announce = (accountId: string) => pool().query("SELECT pg_notify('latchkey_traffic', $1)", [accountId]);

describe("the live events", () => {
  it("are for those who are signed in", async () => {
    const response = await fetch(`${base}/api/live`, { redirect: "manual" });
    expect(response.status).toBe(401);
  });

  it("come at once through gate and compression, and end when the session does", async () => {
    const accountId = await makeAccount();
    const { userId, email } = await makeMember(accountId, "viewer");
    const cookie = await cookieOf(await signInAgain(email));
    const response = await fetch(`${base}/api/live`, {
      headers: { cookie, "accept-encoding": "gzip, br", accept: "text/event-stream" },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(response.headers.get("content-encoding")).toBeNull();
    const reader = response.body?.getReader();
    if (!reader) throw new Error("no body");
    // The listener connects in its own time: announced until heard.
    const timer = setInterval(() => void announce(accountId), 100);
    expect(await readUntil(reader, "event: traffic", 5000)).toBe("found");
    clearInterval(timer);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await db.session.updateMany({ where: { userId }, data: { revokedAt: new Date() } });
    expect(await readUntil(reader, null, 10_000)).toBe("end");
  });
});

describe("what live pages read", () => {
  const nothing = { token: { status: "none" }, may: { changeToken: false } };

  it.each([
    ["/api/security", nothing],
    ["/api/rejected", { filter: { by: "reason" }, matching: 0, callers: [] }],
  ])("is for members, of the account that the page is open in: %s", async (route, expected) => {
    const read = (query: string, cookie = "") =>
      fetch(`${base}${route}${query}`, { headers: { cookie }, redirect: "manual" });
    const [accountId, another] = [await makeAccount(), await makeAccount()];
    const { email } = await makeMember(accountId, "viewer");
    const cookie = await cookieOf(await signInAgain(email));
    const own = await read(`?account=${accountId}&page=x&callers=y`, cookie);
    expect([own.status, own.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const reading = readingOf<unknown>(await own.text());
    expect(reading.accountId).toBe(accountId);
    expect(Date.now() - reading.at.getTime()).toBeLessThan(60_000);
    expect(reading.data).toMatchObject(expected);
    expect((await read(`?account=${another}`, cookie)).status, "a browser is in one at a time").toBe(409);
    expect((await read(`?account=${accountId}`)).status).toBe(401);
  });
});
