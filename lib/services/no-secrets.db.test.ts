import { expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { makeActor, refusedWith, shownToken, testPassword } from "@/test/support/accounts";
import { passFirstStep, setUpTotp } from "@/test/support/second-factors";
import { listAudit } from "./audit/list";
import { createInstance } from "./instances/change";
import { listInstances, readInstance } from "./instances/read";
import { regenerateInstanceToken, revealInstanceToken } from "./instances/token";
import { changeUpstream } from "./instances/upstream";
import { readOverview } from "./overview";
import { configureSecurityToken, regenerateSecurityToken } from "./security-token/configure";
import { activateSecurityToken, deactivateSecurityToken } from "./security-token/enforcement";
import { readSecurityToken } from "./security-token/token";
import { listSessions } from "./session/end-sessions";
import { prove } from "./session/prove";
import { finishWithCode } from "./session/second-step";
import { regenerateRecoveryCodes } from "./two-step/recovery-codes";
import { readTwoStep } from "./two-step/two-step";

test("no view, no event and no column of the database holds a secret in plain", async () => {
  const actor = await makeActor();
  const { instanceId } = await createInstance(actor, { name: "Bread" });
  const value = "header-secret-0417";
  const headers = [{ name: "apikey", value }];
  await changeUpstream(actor, {
    instanceId,
    upstreamUrl: "https://api.example.com",
    headers,
    firstByteSeconds: "",
  });
  const guess = "a guess at the password, wrong";
  await refusedWith(prove(actor, { password: guess }));
  await prove(actor, { password: testPassword });
  const old = await revealInstanceToken(actor, { instanceId });
  const current = await regenerateInstanceToken(actor, { instanceId });
  const first = await configureSecurityToken(actor);
  const second = await regenerateSecurityToken(actor, await shownToken(actor));
  const { key, codes } = await setUpTotp(actor);
  const pending = await passFirstStep(actor.email, actor);
  await refusedWith(finishWithCode(pending, { code: "271828" }, actor));
  const { recoveryCodes } = await regenerateRecoveryCodes(actor);
  const twoStep = [key.replaceAll(" ", ""), key, pending, "271828", ...codes, ...recoveryCodes];
  const secrets = [
    ...twoStep,
    value,
    guess,
    testPassword,
    old.token,
    current.token,
    first.token,
    second.token,
  ];

  const views = [
    first.view,
    second.view,
    await activateSecurityToken(actor, await shownToken(actor)),
    await deactivateSecurityToken(actor),
    await readSecurityToken(actor),
    await listInstances(actor),
    await readInstance(actor, { instanceId }),
    await listAudit(actor),
    await readOverview(actor),
    await listSessions(actor),
    await readTwoStep(actor),
    actor,
  ];
  const { accountId } = actor;
  const stored = [
    await db.user.findMany({ where: { id: actor.userId } }),
    await db.auditEvent.findMany({ where: { accountId } }),
    await db.instance.findMany({ where: { accountId } }),
    await db.clientToken.findMany({ where: { accountId } }),
    await db.session.findMany({ where: { accountId } }),
    await db.loginLimit.findMany(),
    await db.totp.findMany(),
    await db.recoveryCode.findMany(),
    await db.pendingSignIn.findMany(),
  ];
  const text = JSON.stringify([views, stored], (_key, item) =>
    typeof item === "bigint" ? String(item) : item,
  );
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(JSON.stringify(views)).not.toMatch(/digest|sealed|passwordHash/i);
});
