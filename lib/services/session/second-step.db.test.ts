import { beforeEach, describe, expect, test } from "vitest";
import { recoveryCodeDigest } from "@/lib/crypto/digest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { secondStepTries } from "@/lib/domain/second-factor";
import { actorOf, freshOrigin, makeActor, refusedWith, trail } from "@/test/support/accounts";
import { codeOf, forgetSteps, passFirstStep, setUpTotp } from "@/test/support/second-factors";
import { spendTotpCode } from "../two-step/totp";
import { loginLimits } from "./login-limit";
import { forgetPendingSignIns } from "./pending-sign-in";
import { finishWithCode, readSecondStep } from "./second-step";
import { resolveSession } from "./session";

let actor: Actor;
let key: string;
let codes: readonly string[];
const origin = freshOrigin();

beforeEach(async () => {
  actor = await makeActor();
  ({ key, codes } = await setUpTotp(actor));
});

const first = () => passFirstStep(actor.email, freshOrigin());
const finish = (pending: string, code: string) => finishWithCode(pending, { code }, freshOrigin());

/** A code that the app would show in half an hour. */
const wrong = () => codeOf(key, 1800);

describe("the second step", () => {
  test("no session exists before it, and its secret is none", async () => {
    const sessions = () => db.session.count({ where: { userId: actor.userId } });
    const before = await sessions();
    const pending = await first();
    expect(await sessions()).toBe(before);
    expect(await resolveSession(pending, origin)).toBeNull();
    expect(await readSecondStep(pending)).toEqual({ email: actor.email, ways: ["totp", "recovery_code"] });
    const stored = JSON.stringify(await db.pendingSignIn.findMany({ where: { userId: actor.userId } }));
    expect(stored).not.toContain(pending);
  });

  test("a right code makes a session with an id of its own, and the secret is used up", async () => {
    const pending = await first();
    const { sessionId } = await finish(pending, codeOf(key).replace(/^.../, " $& "));
    expect(sessionId).not.toContain(pending);
    expect(await actorOf(sessionId, origin)).toMatchObject({ email: actor.email, twoStepMissing: false });
    await forgetSteps(actor);
    expect(await refusedWith(finish(pending, codeOf(key)))).toBe("second_step_over");
    const event = await db.auditEvent.findFirst({ where: { targetId: sessionId } });
    expect(event).toMatchObject({ action: "session.signed_in", details: { by: "totp" } });
  });

  test("a wrong, an old, a coming and a used code get one answer; failures are on record", async () => {
    const used = codeOf(key);
    await finish(await first(), used);
    const pending = await first();
    for (const code of [wrong(), codeOf(key, -90), codeOf(key, 90), used]) {
      expect(await refusedWith(finish(pending, code))).toBe("second_step_failed");
    }
    const failed = (await trail(actor)).filter((action) => action === "session.second_step_failed");
    expect(failed).toHaveLength(4);
  });

  test("another person's code and recovery code are worth nothing", async () => {
    const stranger = await makeActor();
    const theirs = await setUpTotp(stranger);
    const pending = await first();
    for (const code of [codeOf(theirs.key), theirs.codes[0] ?? ""]) {
      expect(await refusedWith(finish(pending, code))).toBe("second_step_failed");
    }
    expect(await db.recoveryCode.count({ where: { userId: stranger.userId, usedAt: null } })).toBe(10);
  });

  test("a seed or a recovery code whose row is moved to another person opens nothing", async () => {
    const thief = await makeActor();
    const own = await setUpTotp(thief);
    const { seedSealed } = await db.totp.findFirstOrThrow({ where: { userId: thief.userId } });
    await db.totp.updateMany({ where: { userId: actor.userId }, data: { seedSealed } });
    await expect(finish(await first(), codeOf(own.key))).rejects.toThrow();
    await db.recoveryCode.deleteMany({ where: { userId: actor.userId } });
    await db.recoveryCode.updateMany({ where: { userId: thief.userId }, data: { userId: actor.userId } });
    expect(await refusedWith(finish(await first(), own.codes[0] ?? ""))).toBe("second_step_failed");
  });

  test("of two who bring the same code at once one gets in", async () => {
    const pendings = [await first(), await first()];
    const code = codeOf(key);
    const outcomes = await Promise.allSettled(pendings.map((pending) => finish(pending, code)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const same = [await first(), await first()];
    const used = await Promise.allSettled(same.map((pending) => finish(pending, codes[0] ?? "")));
    expect(used.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("a recovery code works once, in any spelling, and counts down", async () => {
    const code = codes[3] ?? "";
    await finish(await first(), code.toUpperCase().replaceAll("-", " "));
    expect(await refusedWith(finish(await first(), code))).toBe("second_step_failed");
    expect(await db.recoveryCode.count({ where: { userId: actor.userId, usedAt: null } })).toBe(9);
    const event = await db.auditEvent.findFirst({
      where: { accountId: actor.accountId, action: "session.signed_in" },
      orderBy: { seq: "desc" },
    });
    expect(event?.details).toEqual({ by: "recovery_code", count: 9 });
  });

  test("a recovery code of 80 bits, as it was given out before, still works once", async () => {
    const digest = Buffer.from(recoveryCodeDigest(`${actor.userId} 0123456789abcdef`));
    await db.recoveryCode.create({ data: { userId: actor.userId, digest } });
    await finish(await first(), "0123-4567-89ab-cdef");
    expect(await refusedWith(finish(await first(), "0123-4567-89ab-cdef"))).toBe("second_step_failed");
  });

  test("a clock may be 30 s off, and not 90; what was accepted, and what is older, is not again", async () => {
    const of = { userId: actor.userId, active: true };
    const now = new Date();
    const spend = (code: string) => db.$transaction((tx) => spendTotpCode(tx, of, code, now));
    for (const [seconds, accepted] of [
      [-90, false],
      [-30, true],
      [0, true],
      [30, true],
      [90, false],
    ] as const) {
      const code = codeOf(key, seconds, now);
      expect([seconds, await spend(code)]).toEqual([seconds, accepted]);
      expect([seconds, await spend(code)]).toEqual([seconds, false]);
    }
    await forgetSteps(actor);
    expect(await spend(codeOf(key, 30, now))).toBe(true);
    // Never used itself, but older than one that was.
    expect(await spend(codeOf(key, 0, now))).toBe(false);
  });
});

describe("a sign-in that waits", () => {
  test("ends after too many wrong codes, the right one too", async () => {
    const pending = await first();
    for (let left = secondStepTries - 1; left > 0; left--) {
      expect(await refusedWith(finish(pending, wrong()))).toBe("second_step_failed");
    }
    expect(await refusedWith(finish(pending, wrong()))).toBe("second_step_over");
    expect(await refusedWith(finish(pending, codeOf(key)))).toBe("second_step_over");
    expect(await readSecondStep(pending)).toBeNull();
  });

  test("ends after ten minutes, and with a changed password", async () => {
    const late = await first();
    const expiresAt = new Date(Date.now() - 1);
    await db.pendingSignIn.updateMany({ where: { userId: actor.userId }, data: { expiresAt } });
    expect(await refusedWith(finish(late, codeOf(key)))).toBe("second_step_over");
    const other = await first();
    await db.$transaction((tx) => forgetPendingSignIns(tx, actor.userId));
    expect(await refusedWith(finish(other, codeOf(key)))).toBe("second_step_over");
  });

  test("is none under a forged secret", async () => {
    for (const pending of ["", "x", "0".repeat(43), "0".repeat(5000), "a\0b"]) {
      expect(await refusedWith(finish(pending, codeOf(key)))).toBe("second_step_over");
      expect(await readSecondStep(pending)).toBeNull();
    }
  });

  test("an empty code is an error of the field and costs no try", async () => {
    const pending = await first();
    expect(await refusedWith(finish(pending, "  "))).toBe("invalid code:required");
    expect(await db.pendingSignIn.findFirst({ where: { userId: actor.userId } })).toMatchObject({ tries: 0 });
  });

  test("who knows the password gets a bounded number of codes, however often the password is given", async () => {
    let answer = "";
    let looked = 0;
    while (answer !== "limited" && looked < 50) {
      const pending = await first().catch(() => null);
      if (pending === null) break;
      do {
        answer = await refusedWith(finish(pending, wrong()));
        looked += 1;
      } while (answer === "second_step_failed");
    }
    expect(looked).toBeLessThanOrEqual(loginLimits.email.points);
    await db.loginLimit.deleteMany({ where: { key: { startsWith: "email" } } });
    await db.loginLimit.updateMany({ where: { key: { startsWith: "secondStep" } }, data: { points: 30 } });
    expect(await refusedWith(finish(await first(), codeOf(key)))).toBe("limited");
  });
});
