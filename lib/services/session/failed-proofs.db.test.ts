import { expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { freshOrigin, makeActor, refusedWith, testPassword } from "@/test/support/accounts";
import { codeOf, setUpTotp, testSite } from "@/test/support/second-factors";
import { changePassword } from "../account/password";
import type { Assertion } from "../passkeys/assertion";
import { loginLimits } from "./login-limit";
import { prove, proveWithPasskey } from "./prove";
import { signIn } from "./sign-in";

const wrong = "a guess at the password, wrong";

async function failuresOf({ accountId }: Actor) {
  const events = await db.auditEvent.findMany({
    where: { accountId, action: { in: ["session.proof_failed", "session.sign_in_limited"] } },
    orderBy: { seq: "asc" },
  });
  return events.map(({ action, details, actorUserId }) => ({ action, details, actorUserId }));
}

test("a proof that fails is on record with what was brought, and changes nothing", async () => {
  const actor = await makeActor();
  const { key } = await setUpTotp(actor);
  const { provenAt } = await db.session.findUniqueOrThrow({ where: { id: actor.sessionId } });
  const future = codeOf(key, 1800);
  expect(await refusedWith(prove(actor, { password: wrong, code: codeOf(key) }))).toBe(
    "invalid password:password_wrong",
  );
  expect(await refusedWith(prove(actor, { password: testPassword, code: future }))).toBe(
    "invalid code:code_wrong",
  );
  expect(await refusedWith(proveWithPasskey(actor, { answer: {} as Assertion, site: testSite }))).toBe(
    "passkey_failed",
  );
  const input = { current: wrong, password: "copper meadow 4821 trellis" };
  expect(await refusedWith(changePassword(actor, input))).toBe("invalid current:password_wrong");
  const failed = (by: string) => ({
    action: "session.proof_failed",
    details: { by },
    actorUserId: actor.userId,
  });
  expect(await failuresOf(actor)).toEqual(["password", "code", "passkey", "password"].map(failed));
  const after = await db.session.findUniqueOrThrow({ where: { id: actor.sessionId } });
  expect(after.provenAt).toEqual(provenAt);
});

test("what a limit stops is on record once, however often it is tried", async () => {
  const actor = await makeActor();
  const attempt = () => refusedWith(signIn({ email: actor.email, password: wrong }, freshOrigin()));
  for (let i = 0; i < loginLimits.email.points; i++) expect(await attempt()).toBe("bad_credentials");
  expect(await Promise.all([attempt(), attempt(), attempt()])).toEqual(Array(3).fill("limited"));
  expect(await failuresOf(actor)).toEqual([
    { action: "session.sign_in_limited", details: {}, actorUserId: null },
  ]);
});
