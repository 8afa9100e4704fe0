import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import {
  actorOf,
  freshEmail,
  freshOrigin,
  identityOf,
  makeActor,
  refusedWith,
  signInByPassword,
  testPassword,
} from "@/test/support/accounts";
import { mailsTo, sentToken } from "@/test/support/mail-on";
import { codeOf, passFirstStep, setUpTotp } from "@/test/support/second-factors";
import { linkIdentity } from "../identities/link-identity";
import { signInWithIdentity } from "../identities/sign-in-with-identity";
import { inviteMember } from "../members/invite";
import { finishWithCode } from "../session/second-step";
import { resolveSession } from "../session/session";
import { signIn } from "../session/sign-in";
import { changeAddress, requestAddressChange, requestVerification, verifyAddress } from "./email-address";
import { requestPasswordReset, resetPassword } from "./password";

/** The five ways of Sudhodanan and Paverd, "Pre-hijacked accounts" (USENIX Security 2022), and what else is of the kind. */

/** Signed in as a user with an address that is somebody else's and was never confirmed. */
let squatter: Actor;

const ownersPassword = "amber meadow 2281 anchor";

beforeEach(async () => {
  squatter = await makeActor();
});

/** The mailbox's owner, who has never been here, makes the user theirs. */
async function ownerResets(): Promise<void> {
  const { email } = squatter;
  await requestPasswordReset({ email }, freshOrigin());
  const token = await sentToken(email, "reset_password");
  await resetPassword({ token, password: ownersPassword }, freshOrigin());
}

async function ownerSignsIn(): Promise<Actor> {
  const origin = freshOrigin();
  const outcome = await signIn({ email: squatter.email, password: ownersPassword }, origin);
  if (outcome.step !== "done") throw new Error("the owner is shut out");
  return actorOf(outcome.sessionId, origin);
}

async function plantPasskey({ userId }: Actor): Promise<void> {
  const key = {
    publicKey: Buffer.from("key"),
    counter: 0n,
    transports: [],
    backedUp: false,
    rpId: "localhost",
  };
  await db.passkey.create({ data: { userId, name: "Key", credentialId: randomUUID(), ...key } });
}

describe("a user whose address was registered by somebody else, and never confirmed", () => {
  test("classic-federated merge: the owner's sign-in at a provider joins nothing that the squatter has", async () => {
    const identity = identityOf(squatter.email);
    expect((await signInWithIdentity(identity, freshOrigin())).step).toBe("link");
    expect(await db.identity.count({ where: { userId: squatter.userId } })).toBe(0);
    await ownerResets();
    const outcome = await signInWithIdentity(identity, freshOrigin());
    if (outcome.step !== "link") throw new Error(outcome.step);
    await linkIdentity(await ownerSignsIn(), { secret: outcome.pending });
    expect((await signInWithIdentity(identity, freshOrigin())).step).toBe("done");
    const again = signIn({ email: squatter.email, password: testPassword }, freshOrigin());
    expect(await refusedWith(again)).toBe("bad_credentials");
  });

  test("unexpired session: every session, and every sign-in that waits, ends with the owner's reset", async () => {
    const { key } = await setUpTotp(squatter);
    const pending = await passFirstStep(squatter.email, freshOrigin());
    await ownerResets();
    expect(await resolveSession(squatter.sessionId, squatter)).toBeNull();
    expect(await refusedWith(finishWithCode(pending, { code: codeOf(key) }, freshOrigin()))).toBe(
      "second_step_over",
    );
  });

  test("trojan identifier: no app, recovery code, passkey or linked sign-in of the squatter is left, nor shuts the owner out", async () => {
    await setUpTotp(squatter);
    await plantPasskey(squatter);
    const identity = identityOf(squatter.email);
    const waiting = identityOf(squatter.email);
    for (const each of [identity, waiting]) {
      const outcome = await signInWithIdentity(each, freshOrigin());
      if (each === identity && outcome.step === "link")
        await linkIdentity(squatter, { secret: outcome.pending });
    }
    await ownerResets();
    const where = { userId: squatter.userId };
    const left = [db.totp, db.recoveryCode, db.passkey, db.identity, db.pendingLink, db.pendingSignIn];
    expect(await Promise.all(left.map((table) => (table as typeof db.totp).count({ where })))).toEqual(
      left.map(() => 0),
    );
    expect((await signInWithIdentity(identity, freshOrigin())).step).toBe("link");
    await ownerSignsIn();
    const event = await db.auditEvent.findFirst({
      where: { accountId: squatter.accountId, action: "password.reset" },
    });
    expect(event?.details).toEqual({ by: "first_proof", count: 3 });
    const told = (await mailsTo(squatter.email)).filter(
      ({ template }) => template === "second_factor_removed",
    );
    expect(told.map(({ params }) => params)).toEqual([expect.objectContaining({ factor: "planted" })]);
  });

  test("trojan identifier: the owner's click on the squatter's link confirms nothing", async () => {
    await requestVerification(squatter);
    const token = await sentToken(squatter.email, "verify_address");
    for (const opener of [freshOrigin(), await makeActor()]) {
      expect(await refusedWith(verifyAddress({ token }, opener))).toBe("link_signed_out");
    }
    const user = await db.user.findUniqueOrThrow({ where: { id: squatter.userId } });
    expect(user.emailVerifiedAt).toBeNull();
  });

  test("unexpired email change: a change that the squatter asked for takes the address away no more", async () => {
    const to = freshEmail();
    await requestAddressChange(squatter, { email: to });
    const token = await sentToken(to, "change_address");
    await ownerResets();
    expect(await refusedWith(changeAddress({ token }, squatter))).toBe("link_invalid");
    expect((await ownerSignsIn()).email).toBe(squatter.email);
  });

  test("non-verifying provider: an address that it has not verified leads to nobody, and makes nobody", async () => {
    const users = await db.user.count();
    for (const email of [squatter.email, freshEmail()]) {
      const outcome = await signInWithIdentity(identityOf(email, { emailVerified: false }), freshOrigin());
      expect(outcome).toEqual({ step: "refused", problem: "unverified" });
    }
    expect(await db.user.count()).toBe(users);
  });

  test("accounts stay with the user, so that an owner who had only never confirmed loses none; invitations in their name end", async () => {
    const friend = freshEmail();
    await inviteMember(squatter, { email: friend, role: "owner" });
    await ownerResets();
    const owner = await ownerSignsIn();
    expect(owner).toMatchObject({ accountId: squatter.accountId, role: "owner" });
    expect(await db.invitation.count({ where: { email: friend } })).toBe(0);
  });
});

test("a confirmed address keeps its second step at a reset: reading somebody's mail is not enough", async () => {
  await requestVerification(squatter);
  await verifyAddress({ token: await sentToken(squatter.email, "verify_address") }, squatter);
  await setUpTotp(squatter);
  await ownerResets();
  const outcome = await signIn({ email: squatter.email, password: ownersPassword }, freshOrigin());
  expect(outcome.step).toBe("second");
  expect(await refusedWith(signInByPassword(squatter.email, freshOrigin()))).toBe("bad_credentials");
});
