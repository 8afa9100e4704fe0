import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { makeActor } from "@/test/support/accounts";
import { base, cookieOf } from "@/test/support/browser-request";

let actor: Actor;
let cookie: string;

beforeAll(async () => {
  actor = await makeActor();
  cookie = await cookieOf(actor);
});

function send(body: string, headers: Readonly<Record<string, string>> = { cookie }, query = "") {
  const to = `${base}/api/import?account=${actor.accountId}${query}`;
  return fetch(to, { method: "POST", body, headers, redirect: "manual" });
}

/** The last line of an answer, without what a preview shows. */
async function resultOf(answer: Promise<Response>) {
  const lines = (await (await answer).text()).trim().split("\n");
  const { ok, code, fields, data } = JSON.parse(lines.at(-1) ?? "").result;
  return ok
    ? { ready: data.ready, failing: data.failing }
    : [code, ...fields.map((each: { code: string }) => each.code)];
}

describe("a file that is imported", () => {
  test("is taken from those who are signed in, in the account that their page shows, from no other site", async () => {
    expect(await resultOf(send("name\nA\n", {}))).toEqual(["unauthenticated"]);
    const other = await cookieOf(await makeActor());
    expect(await resultOf(send("name\nA\n", { cookie: other }))).toEqual(["conflict"]);
    const foreign = await send("name\nA\n", { cookie, "sec-fetch-site": "cross-site" });
    expect(foreign.status).toBe(403);
    const viewer = await makeActor("viewer", actor.accountId);
    expect(await resultOf(send("name\nA\n", { cookie: await cookieOf(viewer) }))).toEqual(["forbidden"]);
    expect(await db.instance.count({ where: { accountId: actor.accountId } })).toBe(0);
  });

  test("is not cut off, however long it may be, and is refused beyond that", async () => {
    const long = `name,note\n${`a,${"x".repeat(60_000)}\n`.repeat(200)}last,\n`;
    expect(long.length).toBeGreaterThan(11_000_000);
    expect(await resultOf(send(long))).toEqual({ ready: 2, failing: 199 });
    expect(await resultOf(send("x".repeat(21 * 1024 * 1024)))).toEqual(["invalid", "import_too_large"]);
  });

  test("is answered line by line, guarded and kept in no cache", async () => {
    const answer = await send("name\nA\n");
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "application/jsonl; charset=utf-8",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    expect(answer.headers.get("cache-control")).toContain("no-store");
    expect((await answer.text()).split("\n").length).toBeGreaterThan(2);
  });
});

test("an import that is given up while it writes leaves nothing", async () => {
  const owner = await makeActor();
  const to = `${base}/api/import?account=${owner.accountId}&source=file`;
  const headers = { cookie: await cookieOf(owner) };
  const post = (body: string, query = "", signal?: AbortSignal) =>
    fetch(to + query, { method: "POST", body, headers, ...(signal && { signal }) });
  const many = `name\n${Array.from({ length: 40_000 }, (_, n) => `shop-${n}`).join("\n")}\n`;
  const planOf = async (body: string) =>
    JSON.parse((await (await post(body)).text()).trim().split("\n").at(-1) ?? "").result.data.plan;
  const plan = await planOf(many);
  const one = await planOf("name\nlater\n");

  const controller = new AbortController();
  const answer = await post(many, `&plan=${plan}`, controller.signal);
  const lines = answer.body?.pipeThrough(new TextDecoderStream()) ?? [];
  await expect(async () => {
    for await (const text of lines) if (/"progress":0\.[6-9]/.test(text)) controller.abort();
  }).rejects.toThrow(/abort/i);
  expect(controller.signal.aborted).toBe(true);

  // It waits for the account, which the other one held.
  await (await post("name\nlater\n", `&plan=${one}`)).text();
  expect(await db.instance.count({ where: { accountId: owner.accountId } })).toBe(1);
}, 60_000);

test("an export is a download for those who are signed in, and nothing that another site can set off", async () => {
  const get = (headers: Readonly<Record<string, string>>, query = "") =>
    fetch(`${base}/instances/export?format=csv${query}`, { headers, redirect: "manual" });
  expect((await get({ accept: "text/html" })).status).toBe(307);
  expect((await get({})).status).toBe(404);
  expect((await get({ cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
  const answer = await get({ cookie });
  expect(answer.headers.get("content-disposition")).toContain("latchkey-instances.csv");
  expect(await answer.text()).toContain('"name","id","token"');
  const viewer = await cookieOf(await makeActor("viewer", actor.accountId));
  expect((await get({ cookie: viewer })).status).toBe(200);
  expect((await get({ cookie: viewer }, "&tokens=yes")).status).toBe(403);
});
