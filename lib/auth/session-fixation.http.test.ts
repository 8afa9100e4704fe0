import { describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { freshOrigin, makeAccount, makeActor, makeMember, testPassword } from "@/test/support/accounts";
import { base, callAction, cookieOf, outcomeOf } from "@/test/support/browser-request";
import { builtActions } from "@/test/support/built-actions";
import { codeOf, setUpTotp } from "@/test/support/second-factors";

const actions = builtActions();

function actionOf(name: string) {
  const action = actions.find((each) => each.name === name);
  if (!action) throw new Error(`no action ${name}`);
  return action;
}

const headersWith = (cookie: string) => ({ cookie, "x-forwarded-for": freshOrigin().address });

/** Sends one step of a sign-in with these cookies; answers the cookies that came back. */
async function step(
  name: string,
  cookie: string,
  values: Record<string, string>,
): Promise<Map<string, string>> {
  const response = await callAction(actionOf(name), headersWith(cookie), values);
  const lines = response.headers.getSetCookie();
  return new Map(lines.map((line) => /^([^=]+)=([^;]*)/.exec(line)?.slice(1) as [string, string]));
}

const sessionsOf = (userId: string) =>
  db.session.findMany({ where: { userId, revokedAt: null }, select: { id: true } });

describe("session fixation", () => {
  test("a planted cookie is worth nothing, and a sign-in ends the session that the browser had", async () => {
    const thief = await makeActor();
    const planted = await cookieOf(thief);
    const victim = await makeMember(await makeAccount(), "owner");
    const cookies = await step("signInAction", planted, { email: victim.email, password: testPassword });
    expect(`latchkey.session=${cookies.get("latchkey.session")}`).not.toBe(planted);
    expect(await sessionsOf(victim.userId)).toHaveLength(1);
    const ended = await db.session.findUniqueOrThrow({ where: { id: thief.sessionId } });
    expect([ended.userId, ended.revokedAt]).toEqual([thief.userId, expect.any(Date)]);
  });

  test("a made-up cookie is replaced, and never becomes a session", async () => {
    const victim = await makeMember(await makeAccount(), "owner");
    for (const made of ["x", "00000000-0000-7000-8000-000000000000"]) {
      const values = { email: victim.email, password: testPassword };
      const cookies = await step("signInAction", `latchkey.session=${made}`, values);
      expect(cookies.get("latchkey.session")?.length).toBeGreaterThan(100);
    }
    expect(await sessionsOf(victim.userId)).toHaveLength(2);
  });

  test("a proof gives the browser a new cookie, and the one it had is nobody soon after, whoever has it", async () => {
    const actor = await makeActor();
    const stolen = await cookieOf(actor);
    const page = async (cookie: string) =>
      (await fetch(`${base}/settings`, { headers: { cookie, accept: "text/html" }, redirect: "manual" }))
        .status;
    expect(await page(stolen)).toBe(200);
    const cookies = await step("proveAction", stolen, { password: testPassword, code: "" });
    const fresh = `latchkey.session=${cookies.get("latchkey.session")}`;
    expect(fresh).not.toBe(stolen);
    expect(await page(stolen), "what was on its way arrives").toBe(200);
    const theft = await callAction(actionOf("changeMemberRoleAction"), headersWith(stolen), {
      userId: actor.userId,
      role: "owner",
    });
    expect(await outcomeOf(theft), "and is no proof").toBe("proof_required");
    expect(await page(fresh)).toBe(200);
    const { formerUntil } = await db.session.findUniqueOrThrow({ where: { id: actor.sessionId } });
    expect(Number(formerUntil) - Date.now()).toBeLessThanOrEqual(10_000);
    await db.session.update({ where: { id: actor.sessionId }, data: { formerUntil: new Date() } });
    expect(await page(stolen)).toBe(307);
    expect(await page(fresh)).toBe(200);
    const refused = await step("proveAction", stolen, { password: testPassword, code: "" });
    expect(refused.get("latchkey.session") ?? "").toBe("");
  });

  test("the second step gives an id of its own, and one browser's waiting sign-in is none of another's", async () => {
    const actor = await makeActor();
    const { key } = await setUpTotp(actor);
    const before = new Set((await sessionsOf(actor.userId)).map(({ id }) => id));
    const first = await step("signInAction", "", { email: actor.email, password: testPassword });
    const pending = first.get("latchkey.second-step") ?? "";
    expect(pending).not.toBe("");
    expect(first.has("latchkey.session")).toBe(false);
    // Neither as a session's cookie, nor without the browser's own.
    const asSession = await step("secondStepAction", `latchkey.session=${pending}`, { code: codeOf(key) });
    expect(asSession.get("latchkey.session") ?? "").toBe("");
    const done = await step("secondStepAction", `latchkey.second-step=${pending}`, { code: codeOf(key) });
    expect(done.get("latchkey.session")).toBeTruthy();
    expect(done.get("latchkey.second-step")).toBe("");
    const made = (await sessionsOf(actor.userId)).filter(({ id }) => !before.has(id));
    expect(made).toHaveLength(1);
    const again = await step("secondStepAction", `latchkey.second-step=${pending}`, {
      code: codeOf(key, 30),
    });
    expect(again.get("latchkey.session") ?? "").toBe("");
  });
});
