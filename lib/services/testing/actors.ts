import { randomBytes } from "node:crypto";
import { db } from "@/lib/db/client";
import type { Actor, Origin } from "@/lib/domain/actor";
import type { Role } from "@/lib/domain/permissions";
import { hashPassword } from "../account/password-hash";
import type { SignedIn } from "../session/new-session";
import { resolveSession } from "../session/resolve";
import { signIn } from "../session/sign-in";

/** A password that satisfies every rule. */
export const testPassword = "violet harbour 7319 lantern";

let passwordHash: Promise<string> | undefined;

/** An origin of its own, so that tests do not share limits. */
export function freshOrigin(): Origin {
  return { address: `10.${[...randomBytes(3)].join(".")}`, userAgent: "Test browser" };
}

/** An e-mail address that nobody has yet. */
export function freshEmail(): string {
  return `${randomBytes(8).toString("hex")}@example.com`;
}

/** A new account without members. */
export async function makeAccount(name = "Bakery"): Promise<string> {
  return (await db.account.create({ data: { name } })).id;
}

/** A new member of an account. */
export async function makeMember(accountId: string, role: Role): Promise<{ userId: string; email: string }> {
  passwordHash ??= hashPassword(testPassword);
  const data = { email: freshEmail(), passwordHash: await passwordHash };
  const user = await db.user.create({ data: { ...data, memberships: { create: { accountId, role } } } });
  return { userId: user.id, email: user.email };
}

/** The actor of a session, which has to be live. */
export async function actorOf(sessionId: string, origin: Origin): Promise<Actor> {
  const actor = await resolveSession(sessionId, origin);
  if (!actor) throw new Error("the session is not live");
  return actor;
}

/** A new member, signed in. */
export async function makeActor(role: Role = "owner", accountId?: string): Promise<Actor> {
  const { email } = await makeMember(accountId ?? (await makeAccount()), role);
  return signInAgain(email);
}

/** Signs in someone who has no second factor. */
export async function signInByPassword(email: string, origin: Origin): Promise<SignedIn> {
  const outcome = await signIn({ email, password: testPassword }, origin);
  if (outcome.step !== "done") throw new Error("a second step is due");
  return outcome;
}

/** Another session of a member that `makeMember` made. */
export async function signInAgain(email: string): Promise<Actor> {
  const origin = freshOrigin();
  const { sessionId } = await signInByPassword(email, origin);
  return actorOf(sessionId, origin);
}
