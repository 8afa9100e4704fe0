import { expect, test } from "vitest";
import { db } from "@/lib/db/client";
import {
  freshEmail,
  freshOrigin,
  makeAccount,
  makeActor,
  refusedWith,
  signInByPassword,
  trail,
} from "@/test/support/accounts";
import { mailsTo } from "@/test/support/mail-on";
import { Authenticator, codeOf, passFirstStep, setUpTotp, testSite } from "@/test/support/second-factors";
import { addPasskey, startPasskey } from "../passkeys/passkeys";
import { finishWithCode } from "../session/second-step";
import { resolveSession } from "../session/session";
import { requireTwoStep, resetTwoStep } from "./two-step";

test("an operator's reset leaves the password alone, in every account, on record and told by mail", async () => {
  const actor = await makeActor();
  const other = await makeAccount();
  await db.membership.create({ data: { userId: actor.userId, accountId: other, role: "viewer" } });
  const { key } = await setUpTotp(actor);
  const answer = new Authenticator().create(await startPasskey(actor, { site: testSite }));
  await addPasskey(actor, { answer, site: testSite });
  await requireTwoStep(actor, { required: true });
  const pending = await passFirstStep(actor.email, freshOrigin());
  expect(await resetTwoStep(` ${actor.email.toUpperCase()} `)).toEqual({
    email: actor.email,
    apps: 1,
    passkeys: 1,
    recoveryCodes: 10,
    sessions: 1,
  });
  expect(await resolveSession(actor.sessionId, actor)).toBeNull();
  expect(await refusedWith(finishWithCode(pending, { code: codeOf(key) }, freshOrigin()))).toBe(
    "second_step_over",
  );
  const { sessionId } = await signInByPassword(actor.email, freshOrigin());
  expect(await resolveSession(sessionId, actor), "and has to set it up anew").toMatchObject({
    twoStepMissing: true,
  });
  for (const accountId of [actor.accountId, other])
    expect(await trail({ accountId })).toContain("two_step.reset");
  const event = await db.auditEvent.findFirstOrThrow({
    where: { accountId: other, action: "two_step.reset" },
  });
  expect(event).toMatchObject({ actorUserId: null, actorLabel: "", targetLabel: actor.email });
  const removed = (await mailsTo(actor.email)).filter((mail) => mail.template === "second_factor_removed");
  expect(removed).toMatchObject([{ params: { factor: "all" } }]);
});

test("a reset of somebody unknown does nothing", async () => {
  expect(await resetTwoStep(freshEmail())).toBeNull();
  expect(await resetTwoStep("a\0b")).toBeNull();
});
