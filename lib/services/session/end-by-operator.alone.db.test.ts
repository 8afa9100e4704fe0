import { expect, test } from "vitest";
import { db } from "@/lib/db/client";
import {
  freshEmail,
  freshOrigin,
  makeAccount,
  makeActor,
  refusedWith,
  signInAgain,
  trail,
} from "@/test/support/accounts";
import { codeOf, passFirstStep, setUpTotp } from "@/test/support/second-factors";
import { endSessionsOf, endSessionsOfAll } from "./end-sessions";
import { finishWithCode } from "./second-step";
import { resolveSession } from "./session";

test("an operator ends every session of one person, on record in each account; other people stay", async () => {
  const actor = await makeActor();
  const colleague = await makeActor("admin", actor.accountId);
  const other = await makeAccount();
  await db.membership.create({ data: { userId: actor.userId, accountId: other, role: "viewer" } });
  const second = await signInAgain(actor.email);
  const { key } = await setUpTotp(actor);
  const pending = await passFirstStep(actor.email, freshOrigin());
  expect(await endSessionsOf(` ${actor.email.toUpperCase()} `)).toEqual({ people: 1, sessions: 2 });
  for (const each of [actor, second]) expect(await resolveSession(each.sessionId, each)).toBeNull();
  expect(await resolveSession(colleague.sessionId, colleague)).not.toBeNull();
  const waiting = finishWithCode(pending, { code: codeOf(key) }, freshOrigin());
  expect(await refusedWith(waiting)).toBe("second_step_over");
  for (const accountId of [actor.accountId, other]) {
    const events = await db.auditEvent.findMany({ where: { accountId, action: "session.revoked" } });
    expect(events).toMatchObject([
      { actorUserId: null, targetLabel: actor.email, details: { count: 2, by: "operator" } },
    ]);
  }
  expect(await endSessionsOf(actor.email), "again is harmless").toEqual({ people: 1, sessions: 0 });
});

test("an operator ends the sessions of everybody", async () => {
  const people = [await makeActor(), await makeActor("viewer")];
  const { sessions } = await endSessionsOfAll();
  expect(sessions).toBeGreaterThanOrEqual(2);
  for (const each of people) {
    expect(await resolveSession(each.sessionId, each)).toBeNull();
    expect(await trail(each)).toContain("session.revoked");
  }
});

test("for somebody unknown nothing is done", async () => {
  expect(await endSessionsOf(freshEmail())).toBeNull();
  expect(await endSessionsOf("a\0b")).toBeNull();
});
