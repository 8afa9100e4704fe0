import { beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/db/client";
import { freshEmail, freshOrigin, refusedWith, testPassword } from "@/test/support/accounts";
import { register, registrationState } from "./register";

const setting = vi.hoisted(() => ({ registration: "closed" as "open" | "closed" }));

vi.mock("@/lib/config", async (original) => {
  const real = await original<typeof import("@/lib/config")>();
  return { ...real, config: () => ({ ...real.config(), ...setting }) };
});

const form = (over: Partial<Parameters<typeof register>[0]> = {}) => ({
  accountName: "Bakery",
  email: freshEmail(),
  password: testPassword,
  ...over,
});

beforeEach(async () => {
  setting.registration = "closed";
  await db.user.deleteMany();
  await db.account.deleteMany();
});

describe("register", () => {
  test("the first one makes an account, its owner, a session and an event", async () => {
    expect(await registrationState()).toBe("first");
    const origin = freshOrigin();
    const { userId, sessionId } = await register(form({ email: " Ana@Example.COM " }), origin);
    const user = await db.user.findUniqueOrThrow({ where: { id: userId }, include: { memberships: true } });
    expect(user.email).toBe("ana@example.com");
    expect(user.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(user.memberships).toMatchObject([{ role: "owner" }]);
    const session = await db.session.findUniqueOrThrow({ where: { id: sessionId } });
    expect(session).toMatchObject({ userId, address: origin.address });
    const events = await db.auditEvent.findMany();
    expect(events).toMatchObject([{ seq: 1n, action: "account.created", actorLabel: "ana@example.com" }]);
    expect(await registrationState()).toBe("closed");
  });

  test("of eight first ones at once exactly one wins", async () => {
    const tries = Array.from({ length: 8 }, () => register(form(), freshOrigin()));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected")
        expect(outcome.reason).toMatchObject({ code: "registration_closed" });
    }
    expect(await db.account.count()).toBe(1);
    expect(await db.user.count()).toBe(1);
  });

  test("is closed after the first, unless it is open", async () => {
    await register(form(), freshOrigin());
    expect(await refusedWith(register(form(), freshOrigin()))).toBe("registration_closed");
    setting.registration = "open";
    await register(form(), freshOrigin());
    expect(await db.account.count()).toBe(2);
  });

  test("one e-mail address makes one user, whatever its case", async () => {
    setting.registration = "open";
    await register(form({ email: "ana@example.com" }), freshOrigin());
    const again = register(form({ email: "ANA@example.com" }), freshOrigin());
    expect(await refusedWith(again)).toBe("invalid email:email_taken");
    expect(await db.account.count()).toBe(1);
  });

  test("names every wrong field", async () => {
    const wrong = register({ accountName: " ", email: "ana", password: "short" }, freshOrigin());
    expect(await refusedWith(wrong)).toBe(
      "invalid accountName:required email:email_invalid password:too_short",
    );
    const common = register(form({ password: "Bakery-password-2024" }), freshOrigin());
    expect(await refusedWith(common)).toBe("invalid password:password_common");
    expect(await db.user.count()).toBe(0);
  });
});
