import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { hash } from "@node-rs/argon2";
import { db } from "@/lib/db/client";
import { inAccountTransaction } from "@/lib/db/transaction";
import type { Actor, Origin, Person } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { Role } from "@/lib/domain/permissions";
import type { ProviderIdentity } from "@/lib/domain/single-sign-on";
import { readSecurityToken } from "@/lib/services/security-token/token";
import { liveSession, personOf, resolveSession, type SignedIn } from "@/lib/services/session/session";
import { signIn } from "@/lib/services/session/sign-in";

/** A password that satisfies every rule. */
export const testPassword = "violet harbour 7319 lantern";

/** As cheap as can be, and said so in the hash itself: hundreds of tests only want somebody signed in. */
const passwordHash = hash(testPassword, { memoryCost: 8, timeCost: 1, parallelism: 1 });

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

/** Whose session it is, whatever account that is in; or null. */
export async function personIn(sessionId: string, origin: Origin): Promise<Person | null> {
  const session = await liveSession(sessionId);
  return session && personOf(session, origin);
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

/** Who somebody is at a provider that has verified their address and says nothing more, with what is said instead. */
export function identityOf(email: string | null, twist: Partial<ProviderIdentity> = {}): ProviderIdentity {
  return {
    issuer: "https://id.example.com",
    subject: randomUUID(),
    email,
    emailVerified: true,
    presentAt: null,
    severalFactors: false,
    ...twist,
  };
}

/** Waits for a refusal and shows it in short, as `invalid name:required`. Anything else is thrown. */
export async function refusedWith(work: Promise<unknown>): Promise<string> {
  let outcome: unknown;
  try {
    outcome = await work;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [error.code, ...error.fields.map(({ field, code }) => `${field}:${code}`)].join(" ");
  }
  throw new Error(`not refused, but ${JSON.stringify(outcome) ?? "done"}`);
}

/** The token that a page which is up to date shows this person; an id that nothing has when there is none. */
export async function shownToken(actor: Actor): Promise<{ tokenId: string }> {
  return { tokenId: (await readSecurityToken(actor)).tokenId ?? "none" };
}

/** The actions of an account's audit trail, oldest first, without sign-ins. */
export async function trail(actor: Pick<Actor, "accountId">): Promise<string[]> {
  const rows = await db.auditEvent.findMany({
    where: { accountId: actor.accountId },
    orderBy: { seq: "asc" },
    select: { action: true },
  });
  return rows.map((row) => row.action).filter((action) => action !== "session.signed_in");
}

/** The account's epoch now. */
export async function epochOf(actor: Pick<Actor, "accountId">): Promise<bigint> {
  const account = await db.account.findUniqueOrThrow({ where: { id: actor.accountId } });
  return account.epoch;
}

const patienceMs = 10_000;

/** How many connections wait for a lock. Never asked in a transaction, where the answer would stay the same. */
export async function waitingForLocks(): Promise<number> {
  const [row] = await db.$queryRaw<{ waiting: bigint }[]>`
    SELECT count(*) AS waiting FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return Number(row?.waiting ?? 0);
}

/** What a call answers that waits for the account's row until `meanwhile` is done. */
export async function whileItWaits<T>(
  actor: Pick<Actor, "accountId">,
  call: () => Promise<T>,
  meanwhile: () => Promise<unknown>,
): Promise<T> {
  // Neither is part of the transaction that holds the call up.
  const outside = AsyncLocalStorage.snapshot();
  const { answer } = await inAccountTransaction(actor.accountId, async () => {
    const answer = outside(call);
    while ((await outside(waitingForLocks)) === 0) await pause(10);
    await outside(meanwhile);
    return { answer };
  });
  return answer;
}

/** Several calls that all wait for the account's row before the first one gets it. */
export async function atOnce<T>(
  actor: Pick<Actor, "accountId">,
  call: (position: number) => Promise<T>,
  times = 5,
): Promise<PromiseSettledResult<T>[]> {
  const clicks: Promise<T>[] = [];
  // The clicks are not part of the transaction that holds them up.
  const outside = AsyncLocalStorage.snapshot();
  let settled = 0;
  await inAccountTransaction(actor.accountId, async () => {
    for (let position = 0; position < times; position++) {
      const click = outside(call, position);
      click.catch(() => {}).finally(() => settled++);
      clicks.push(click);
    }
    const end = Date.now() + patienceMs;
    while ((await outside(waitingForLocks)) + settled < times && Date.now() < end) await pause(10);
  });
  return Promise.allSettled(clicks);
}
