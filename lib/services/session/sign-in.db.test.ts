import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { holdAccount, inTransaction } from "@/lib/db/transaction";
import {
  freshEmail,
  freshOrigin,
  makeAccount,
  makeActor,
  makeMember,
  refusedWith,
  signInByPassword,
  testPassword,
  trail,
  waitingForLocks,
} from "@/test/support/accounts";
import { hashPassword } from "../account/password-rules";
import { loginLimits } from "./login-limit";
import { prove } from "./prove";
import { resolveSession } from "./session";
import { signIn } from "./sign-in";

const wrong = "not the right password at all";

async function fail(email: string, times: number, origin = freshOrigin()): Promise<void> {
  const tries = Array.from({ length: times }, () => refusedWith(signIn({ email, password: wrong }, origin)));
  for (const answer of await Promise.all(tries)) expect(answer).toBe("bad_credentials");
}

describe("signIn", () => {
  test("gives a new session each time, whatever the case of the address", async () => {
    const { email, userId } = await makeMember(await makeAccount(), "owner");
    const first = await signInByPassword(email, freshOrigin());
    const second = await signInByPassword(` ${email.toUpperCase()} `, freshOrigin());
    expect(first.userId).toBe(userId);
    expect(second.sessionId).not.toBe(first.sessionId);
  });

  test("an unknown user and a wrong password get one answer after the same time", async () => {
    const accountId = await makeAccount();
    const { email } = await makeMember(accountId, "owner");
    // As it is really kept: other tests have one that is cheap to check.
    await db.user.update({ where: { email }, data: { passwordHash: await hashPassword(testPassword) } });
    const took = async (address: string) => {
      const start = performance.now();
      const answer = await refusedWith(signIn({ email: address, password: wrong }, freshOrigin()));
      expect(answer).toBe("bad_credentials");
      return performance.now() - start;
    };
    await took(freshEmail());
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 5; round++) {
      known.push(await took(email));
      unknown.push(await took(freshEmail()));
    }
    const median = (times: number[]) => times.sort((a, b) => a - b)[2] ?? 0;
    // Without the work of a password it would be a tenth; a busy machine slows both alike.
    expect(median(unknown)).toBeGreaterThan(median(known) / 3);
    expect(median(known)).toBeGreaterThan(median(unknown) / 3);
    expect(await trail({ accountId })).toEqual(Array(5).fill("session.sign_in_failed"));
  });

  test("waits for a change of the same person instead of blocking it until the database ends one of the two", async () => {
    const accountId = await makeAccount();
    const { email, userId } = await makeMember(accountId, "owner");
    const outside = AsyncLocalStorage.snapshot();
    const signedIn = await inTransaction(async (tx) => {
      await holdAccount(tx, accountId);
      const signingIn = outside(signInByPassword, email, freshOrigin());
      await expect.poll(() => outside(waitingForLocks), { timeout: 10_000 }).toBe(1);
      await tx.user.update({ where: { id: userId }, data: { email: freshEmail() } });
      return { signingIn };
    });
    expect((await signedIn.signingIn).userId).toBe(userId);
  });

  test("with a password that is changed while it is checked, signs nobody in, and begins no second step", async () => {
    const accountId = await makeAccount();
    const { email, userId } = await makeMember(accountId, "owner");
    const outside = AsyncLocalStorage.snapshot();
    const { signingIn } = await inTransaction(async (tx) => {
      await holdAccount(tx, accountId);
      const signingIn = outside(() => refusedWith(signIn({ email, password: testPassword }, freshOrigin())));
      await expect.poll(() => outside(waitingForLocks), { timeout: 10_000 }).toBe(1);
      await tx.user.update({ where: { id: userId }, data: { passwordHash: "another" } });
      return { signingIn };
    });
    expect(await signingIn).toBe("bad_credentials");
    expect(await db.session.count({ where: { userId } })).toBe(0);
    expect(await trail({ accountId })).toEqual(["session.sign_in_failed"]);
  });

  test("too many tries stop the account from everywhere, the right password too", async () => {
    const { email } = await makeMember(await makeAccount(), "owner");
    await fail(email, loginLimits.email.points);
    const right = signIn({ email, password: testPassword }, freshOrigin());
    await expect(right).rejects.toMatchObject({ code: "limited", retryAfter: expect.any(Number) });
  });

  test("an unknown account is limited like a known one", async () => {
    const email = freshEmail();
    await fail(email, loginLimits.email.points);
    expect(await refusedWith(signIn({ email, password: wrong }, freshOrigin()))).toBe("limited");
  });

  test("too many tries stop an address for all accounts; a whole IPv6 /64 is one", async () => {
    const network = randomBytes(2).toString("hex");
    const inNetwork = (host: number) => ({ address: `2001:db8:${network}:a::${host}`, userAgent: "" });
    const attempts = Array.from({ length: loginLimits.address.points }, (_, host) =>
      fail(freshEmail(), 1, inNetwork(host)),
    );
    await Promise.all(attempts);
    const { email } = await makeMember(await makeAccount(), "owner");
    const there = signIn({ email, password: testPassword }, inNetwork(4242));
    expect(await refusedWith(there)).toBe("limited");
    await signIn({ email, password: testPassword }, { address: `2001:db8:${network}:b::1`, userAgent: "" });
  });

  test("success forgets the account's failures, but not the address's", async () => {
    const { email } = await makeMember(await makeAccount(), "owner");
    const origin = freshOrigin();
    const almost = loginLimits.email.points - 1;
    await fail(email, almost, origin);
    await signIn({ email, password: testPassword }, origin);
    await fail(email, almost, origin);
    await signIn({ email, password: testPassword }, origin);
    const left = loginLimits.address.points - 2 * almost;
    for (let i = 0; i < left; i += almost) await fail(freshEmail(), Math.min(almost, left - i), origin);
    expect(await refusedWith(signIn({ email, password: testPassword }, origin))).toBe("limited");
  });

  test("lets nobody in while the limiter's table cannot be reached", async () => {
    const { email } = await makeMember(await makeAccount(), "owner");
    await db.$executeRaw`ALTER TABLE "login_limit" RENAME TO "login_limit_away"`;
    try {
      await expect(signIn({ email, password: testPassword }, freshOrigin())).rejects.toThrow(/login_limit/);
    } finally {
      await db.$executeRaw`ALTER TABLE "login_limit_away" RENAME TO "login_limit"`;
    }
  });

  test("empty fields are named; odd ones are just wrong", async () => {
    const origin = freshOrigin();
    expect(await refusedWith(signIn({ email: " ", password: "" }, origin))).toBe(
      "invalid email:required password:required",
    );
    const odd = { email: "a\0b", password: "x".repeat(10_000) };
    expect(await refusedWith(signIn(odd, origin))).toBe("bad_credentials");
  });
});

describe("prove", () => {
  test("refreshes the proof; a session has as many tries as a sign-in, and takes none of its", async () => {
    const actor = await makeActor();
    await db.session.update({ where: { id: actor.sessionId }, data: { provenAt: new Date(0) } });
    expect(await refusedWith(prove(actor, { password: wrong }))).toBe("invalid password:password_wrong");
    await prove(actor, { password: testPassword });
    const again = await resolveSession(actor.sessionId, actor);
    expect(Date.now() - (again?.provenAt.getTime() ?? 0)).toBeLessThan(5000);
    for (let i = 0; i < loginLimits.email.points; i++) await refusedWith(prove(actor, { password: wrong }));
    expect(await refusedWith(prove(actor, { password: testPassword }))).toBe("limited");
    await signInByPassword(actor.email, freshOrigin());
    const failed = Array(loginLimits.email.points).fill("session.proof_failed");
    expect(await trail(actor)).toEqual(["session.proof_failed", "session.proved", ...failed]);
  });
});
