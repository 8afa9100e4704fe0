import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import {
  actorOf,
  makeAccount,
  makeActor,
  refusedWith,
  signInByPassword,
  testPassword,
  trail,
} from "@/test/support/accounts";
import { codeOf, setUpTotp } from "@/test/support/second-factors";
import { createInstance } from "../instances/change";
import { listInstances } from "../instances/read";
import { signOut } from "../session/end-sessions";
import { prove } from "../session/prove";
import { resolveSession } from "../session/session";
import { regenerateRecoveryCodes } from "./recovery-codes";
import { confirmTotp, removeTotp, startTotp } from "./totp";
import { readTwoStep, requireTwoStep } from "./two-step";

let owner: Actor;

beforeEach(async () => {
  owner = await makeActor();
});

/** The same session, as it is at its next request. */
const again = (actor: Actor) => actorOf(actor.sessionId, actor);

const stale = (actor: Actor): Actor => ({ ...actor, provenAt: new Date(0) });

describe("setting up an authenticator app", () => {
  test("shows the seed once, keeps it sealed, and asks for nothing before a right code", async () => {
    const { key, uri, enrolmentId } = await startTotp(owner);
    expect(uri).toContain(`secret=${key.replaceAll(" ", "")}`);
    const stored = JSON.stringify(await db.totp.findMany({ where: { userId: owner.userId } }));
    expect(stored).not.toContain(key.replaceAll(" ", ""));
    expect(await readTwoStep(owner)).toMatchObject({ factors: [], totp: null, recoveryCodesLeft: 0 });
    await signInByPassword(owner.email, owner);
    const wrong = confirmTotp(owner, { enrolmentId, code: codeOf(key, 1800) });
    expect(await refusedWith(wrong)).toBe("invalid code:code_wrong");
    const { recoveryCodes } = await confirmTotp(owner, { enrolmentId, code: codeOf(key) });
    expect(new Set(recoveryCodes).size).toBe(10);
    await expect(signInByPassword(owner.email, owner)).rejects.toThrow("second step");
    expect(await readTwoStep(owner)).toMatchObject({ factors: ["totp"], recoveryCodesLeft: 10 });
    expect(await trail(owner)).toEqual(["two_step.totp_added"]);
  });

  test("of two attempts the later one counts; one that is too old or another person's does not", async () => {
    const first = await startTotp(owner);
    const second = await startTotp(owner);
    const confirm = (actor: Actor, of: typeof first) =>
      confirmTotp(actor, { enrolmentId: of.enrolmentId, code: codeOf(of.key) });
    expect(await refusedWith(confirm(owner, first))).toBe("conflict");
    expect(await refusedWith(confirm(await makeActor(), second))).toBe("conflict");
    await db.totp.updateMany({ where: { userId: owner.userId }, data: { createdAt: new Date(0) } });
    expect(await refusedWith(confirm(owner, second))).toBe("conflict");
  });

  test("replacing it keeps the recovery codes, and the old app's codes end", async () => {
    const old = await setUpTotp(owner);
    const fresh = await setUpTotp(owner);
    expect(fresh.codes).toEqual([]);
    expect(await db.totp.count({ where: { userId: owner.userId } })).toBe(1);
    expect(old.key).not.toBe(fresh.key);
    expect(await trail(owner)).toEqual(["two_step.totp_added", "two_step.totp_replaced"]);
  });

  test("every account of the person gets the event, and nobody else's", async () => {
    const other = await makeAccount("Second shop");
    const stranger = await makeAccount();
    await db.membership.create({ data: { userId: owner.userId, accountId: other, role: "viewer" } });
    await setUpTotp(owner);
    await removeTotp(owner);
    const events = ["two_step.totp_added", "two_step.totp_removed"];
    expect(await trail(owner)).toEqual(events);
    expect(await trail({ accountId: other })).toEqual(events);
    expect(await trail({ accountId: stranger })).toEqual([]);
  });

  test("each step asks for a fresh proof", async () => {
    const { enrolmentId, key } = await startTotp(owner);
    const old = stale(owner);
    const calls = [
      startTotp(old),
      confirmTotp(old, { enrolmentId, code: codeOf(key) }),
      regenerateRecoveryCodes(old),
      removeTotp(old),
      requireTwoStep(old, { required: true }),
    ];
    for (const call of calls) expect(await refusedWith(call)).toBe("proof_required");
  });
});

describe("recovery codes", () => {
  test("can be made anew, which ends the old ones; without a factor there are none", async () => {
    expect(await refusedWith(regenerateRecoveryCodes(owner))).toBe("conflict");
    const { codes } = await setUpTotp(owner);
    const { recoveryCodes } = await regenerateRecoveryCodes(owner);
    expect(recoveryCodes.filter((code) => codes.includes(code))).toEqual([]);
    expect((await readTwoStep(owner)).recoveryCodesLeft).toBe(10);
    expect(await trail(owner)).toEqual(["two_step.totp_added", "two_step.recovery_codes_made"]);
  });

  test("end with the last factor", async () => {
    await setUpTotp(owner);
    await removeTotp(owner);
    expect(await refusedWith(removeTotp(owner))).toBe("conflict");
    expect(await db.recoveryCode.count({ where: { userId: owner.userId } })).toBe(0);
    await signInByPassword(owner.email, owner);
  });
});

describe("requiring two-step sign-in of everyone", () => {
  test("is for owners only, who have it themselves", async () => {
    expect(await refusedWith(requireTwoStep(owner, { required: true }))).toBe("two_step_own_first");
    for (const role of ["admin", "viewer"] as const) {
      const member = await makeActor(role, owner.accountId);
      await setUpTotp(member);
      expect(await refusedWith(requireTwoStep(member, { required: true }))).toBe("forbidden");
      expect(await refusedWith(requireTwoStep(member, { required: false }))).toBe("forbidden");
      expect((await readTwoStep(member)).everyone).toBeNull();
    }
    expect(await db.account.count({ where: { id: owner.accountId, requireTwoStep: true } })).toBe(0);
  });

  test("from the next request on a member without it can do nothing but set it up", async () => {
    const member = await makeActor("admin", owner.accountId);
    await setUpTotp(owner);
    expect((await readTwoStep(owner)).everyone).toEqual({ members: 2, without: [member.email] });
    await requireTwoStep(owner, { required: true });
    await requireTwoStep(owner, { required: true });

    // Also for a request that had begun before.
    expect(await refusedWith(createInstance(member, { name: "Bread" }))).toBe("two_step_required");
    const barred = await again(member);
    expect(barred.twoStepMissing).toBe(true);
    expect(await refusedWith(listInstances(barred))).toBe("two_step_required");
    expect(await refusedWith(createInstance(barred, { name: "Bread" }))).toBe("two_step_required");
    await prove(barred, { password: testPassword });
    expect((await readTwoStep(barred)).required).toBe(true);
    await setUpTotp(barred);
    await createInstance(await again(member), { name: "Bread" });
    expect(await trail(owner)).toEqual([
      "two_step.totp_added",
      "two_step.required",
      "session.proved",
      "two_step.totp_added",
      "instance.created",
    ]);
  });

  test("a new sign-in is barred too, may leave, and is free once it is no longer required", async () => {
    const member = await makeActor("viewer", owner.accountId);
    await setUpTotp(owner);
    await requireTwoStep(owner, { required: true });
    const { sessionId } = await signInByPassword(member.email, member);
    const barred = await actorOf(sessionId, member);
    expect(await refusedWith(listInstances(barred))).toBe("two_step_required");
    await requireTwoStep(owner, { required: false });
    await listInstances(await actorOf(sessionId, member));
    await requireTwoStep(owner, { required: true });
    await signOut(await actorOf(sessionId, member));
    expect(await resolveSession(sessionId, member)).toBeNull();
  });

  test("the last factor stays as long as any account of the person requires one", async () => {
    const other = await makeActor();
    await db.membership.create({
      data: { userId: owner.userId, accountId: other.accountId, role: "viewer" },
    });
    await setUpTotp(owner);
    await setUpTotp(other);
    await requireTwoStep(other, { required: true });
    expect(await refusedWith(removeTotp(owner))).toBe("two_step_last");
    expect(await readTwoStep(owner)).toMatchObject({ factors: ["totp"], recoveryCodesLeft: 10 });
    await requireTwoStep(other, { required: false });
    await removeTotp(owner);
  });
});
