import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { isProofFresh } from "@/lib/domain/session";
import type { ProviderIdentity } from "@/lib/domain/single-sign-on";
import {
  actorOf,
  atOnce,
  freshEmail,
  freshOrigin,
  identityOf,
  makeAccount,
  makeActor,
  refusedWith,
  signInAgain,
  trail,
} from "@/test/support/accounts";
import { mailsTo } from "@/test/support/mail-on";
import { codeOf, forgetSteps, setUpTotp } from "@/test/support/second-factors";
import { finishWithCode } from "../session/second-step";
import { startTotp } from "../two-step/totp";
import { linkIdentity, readPendingLink, unlinkIdentity } from "./link-identity";
import { proveWithIdentity, readSingleSignOn, signInWithIdentity } from "./sign-in-with-identity";

let owner: Actor;

beforeEach(async () => {
  owner = await makeActor();
});

/** Signs in at the provider as someone who is not linked, and gives the secret under which the link waits. */
async function meet(identity: ProviderIdentity): Promise<string> {
  const outcome = await signInWithIdentity(identity, freshOrigin());
  if (outcome.step !== "link") throw new Error(`not to be linked, but ${outcome.step}`);
  return outcome.pending;
}

async function linked(actor: Actor): Promise<ProviderIdentity> {
  const identity = identityOf(actor.email);
  await linkIdentity(actor, { secret: await meet(identity) });
  return identity;
}

const sessions = ({ userId }: Actor) => db.session.count({ where: { userId } });
const newest = ({ accountId }: Actor) =>
  db.auditEvent.findFirst({ where: { accountId }, orderBy: { seq: "desc" } });

describe("someone who is not linked", () => {
  test("gets no session by a verified address, only a link that waits for the log-in of that address", async () => {
    const before = await sessions(owner);
    const pending = await meet(identityOf(owner.email.toUpperCase()));
    expect(await sessions(owner)).toBe(before);
    expect(await readPendingLink(pending)).toEqual({ userId: owner.userId, email: owner.email });
    expect(await db.identity.count({ where: { userId: owner.userId } })).toBe(0);
    expect(JSON.stringify(await db.pendingLink.findMany())).not.toContain(pending);
  });

  test.each([
    ["an address that is not verified", { emailVerified: false }],
    ["no address", { email: null }],
    ["an empty address", { email: "  " }],
  ])("is refused with %s", async (_what, twist) => {
    const outcome = await signInWithIdentity(identityOf(owner.email, twist), freshOrigin());
    expect(outcome).toEqual({ step: "refused", problem: "unverified" });
    expect(await db.pendingLink.count({ where: { userId: owner.userId } })).toBe(0);
  });

  test("gets no user here, and is told what to do: register, or take the invitation", async () => {
    const email = freshEmail();
    const users = await db.user.count();
    const outcome = () => signInWithIdentity(identityOf(email), freshOrigin());
    expect(await outcome()).toEqual({ step: "refused", problem: "unknown_open" });
    const invitation = {
      accountId: owner.accountId,
      email,
      role: "viewer" as const,
      digest: Buffer.from(randomUUID()),
      invitedBy: owner.email,
    };
    await db.invitation.create({ data: { ...invitation, expiresAt: new Date(Date.now() + 60_000) } });
    expect(await outcome()).toEqual({ step: "refused", problem: "unknown_invited" });
    await db.invitation.updateMany({ where: { email }, data: { expiresAt: new Date(0) } });
    expect(await outcome()).toEqual({ step: "refused", problem: "unknown_open" });
    expect(await db.user.count()).toBe(users);
  });
});

describe("linking", () => {
  test("once the log-in is proven, makes the sign-in at the provider a first step", async () => {
    const identity = await linked(owner);
    expect(await trail(owner)).toEqual(["identity.linked"]);
    const outcome = await signInWithIdentity({ ...identity, email: "new@example.com" }, freshOrigin());
    if (outcome.step !== "done") throw new Error(outcome.step);
    expect(outcome.userId).toBe(owner.userId);
    expect((await newest(owner))?.details).toEqual({
      by: "provider",
      via: "provider",
      to: "id.example.com",
    });
    const view = await readSingleSignOn(await actorOf(outcome.sessionId, freshOrigin()));
    expect(view.identities).toMatchObject([
      { issuer: "id.example.com", email: owner.email, lastUsedAt: expect.any(Date) },
    ]);
  });

  test("works once, also for two who come at once", async () => {
    const identity = identityOf(owner.email);
    const pending = await meet(identity);
    const outcomes = await atOnce(owner, () => linkIdentity(owner, { secret: pending }), 2);
    expect(outcomes.filter((each) => each.status === "fulfilled")).toHaveLength(1);
    expect(await refusedWith(linkIdentity(owner, { secret: pending }))).toBe("link_over");
    expect(await db.identity.count({ where: { userId: owner.userId } })).toBe(1);
  });

  test("is over after ten minutes", async () => {
    const pending = await meet(identityOf(owner.email));
    await db.pendingLink.updateMany({ where: { userId: owner.userId }, data: { expiresAt: new Date() } });
    expect(await readPendingLink(pending)).toBeNull();
    expect(await refusedWith(linkIdentity(owner, { secret: pending }))).toBe("link_over");
    expect(await trail(owner)).toEqual([]);
  });

  test("is for the one with that address only: somebody else who brings the secret gets nothing, and uses it up for nobody", async () => {
    const stranger = await makeActor();
    const pending = await meet(identityOf(owner.email));
    expect(await refusedWith(linkIdentity(stranger, { secret: pending }))).toBe("link_over");
    await linkIdentity(owner, { secret: pending });
    expect(await db.identity.count({ where: { userId: stranger.userId } })).toBe(0);
  });

  test.each(["", "x", "x".repeat(5000), "a\0b"])("knows no secret %j", async (secret) => {
    expect(await readPendingLink(secret)).toBeNull();
    expect(await refusedWith(linkIdentity(owner, { secret: secret }))).toBe("link_over");
  });

  test("never takes a sign-in away from the person it is linked to", async () => {
    const identity = identityOf(owner.email);
    const [first, second] = [await meet(identity), await meet(identity)];
    await linkIdentity(owner, { secret: first });
    expect(await refusedWith(linkIdentity(owner, { secret: second }))).toBe("link_taken");
    expect(await db.identity.count({ where: { subject: identity.subject } })).toBe(1);
  });

  test("is an event in every account of the person", async () => {
    const other = await makeAccount("Second shop");
    await db.membership.create({ data: { userId: owner.userId, accountId: other, role: "viewer" } });
    await linked(owner);
    expect(await trail({ accountId: other })).toEqual(["identity.linked"]);
  });
});

describe("the same subject", () => {
  test("at another issuer, or another subject with the same address, is somebody else", async () => {
    const identity = await linked(owner);
    const before = await sessions(owner);
    for (const other of [{ issuer: "https://evil.example" }, { subject: randomUUID() }]) {
      expect((await signInWithIdentity({ ...identity, ...other }, freshOrigin())).step).toBe("link");
    }
    expect(await sessions(owner)).toBe(before);
  });
});

describe("the second step after a provider", () => {
  test("is asked of those who have one, and recorded as what it was", async () => {
    const identity = await linked(owner);
    const { key } = await setUpTotp(owner);
    const before = await sessions(owner);
    const outcome = await signInWithIdentity(identity, freshOrigin());
    if (outcome.step !== "second") throw new Error(outcome.step);
    expect(await sessions(owner)).toBe(before);
    const wrong = finishWithCode(outcome.pending, { code: "000000" }, freshOrigin());
    expect(await refusedWith(wrong)).toBe("second_step_failed");
    expect((await newest(owner))?.details).toEqual({ via: "provider", to: "id.example.com" });
    await finishWithCode(outcome.pending, { code: codeOf(key) }, freshOrigin());
    expect((await newest(owner))?.details).toEqual({ by: "totp", via: "provider", to: "id.example.com" });
  });

  test("is spared to those whom the provider asked for several factors", async () => {
    const identity = await linked(owner);
    await setUpTotp(owner);
    const outcome = await signInWithIdentity({ ...identity, severalFactors: true }, freshOrigin());
    expect(outcome.step).toBe("done");
  });

  test("several factors at the provider are no way around linking", async () => {
    await setUpTotp(owner);
    const outcome = await signInWithIdentity(
      identityOf(owner.email, { severalFactors: true }),
      freshOrigin(),
    );
    expect(outcome.step).toBe("link");
  });
});

const provenAt = async (sessionId: string) =>
  (await db.session.findUniqueOrThrow({ where: { id: sessionId } })).provenAt;

/** A session whose last proof is too old, as a laptop left open has it. */
async function leftOpen(): Promise<void> {
  await db.session.update({ where: { id: owner.sessionId }, data: { provenAt: new Date(0) } });
}

const isFresh = async (sessionId: string) => isProofFresh(await provenAt(sessionId), new Date());

describe("a provider's word", () => {
  test("begins a session unproven, unless it says that the person signed in there since we asked", async () => {
    const identity = await linked(owner);
    for (const presentAt of [null, new Date()]) {
      const outcome = await signInWithIdentity({ ...identity, presentAt }, freshOrigin());
      if (outcome.step !== "done") throw new Error(outcome.step);
      const actor = await actorOf(outcome.sessionId, freshOrigin());
      const started = startTotp(actor);
      if (presentAt) await started;
      else expect(await refusedWith(started)).toBe("proof_required");
    }
  });

  test("with a code is half a proof, when the person was not there; with a presence it is one", async () => {
    const identity = await linked(owner);
    const { key } = await setUpTotp(owner);
    for (const presentAt of [null, new Date()]) {
      await forgetSteps(owner);
      const outcome = await signInWithIdentity({ ...identity, presentAt }, freshOrigin());
      if (outcome.step !== "second") throw new Error(outcome.step);
      const { sessionId } = await finishWithCode(outcome.pending, { code: codeOf(key) }, freshOrigin());
      expect(await isFresh(sessionId)).toBe(presentAt !== null);
    }
  });

  test("proves who acts in a session only as the linked person, present since we asked, with several factors where they have a second one", async () => {
    const identity = { ...(await linked(owner)), presentAt: new Date(Date.now() - 2000) };
    await leftOpen();
    const others: [Partial<ProviderIdentity>, string][] = [
      [{ subject: randomUUID() }, "proof_other"],
      [{ issuer: "https://evil.example" }, "proof_other"],
      [{ presentAt: null }, "proof_silent"],
    ];
    for (const [twist, problem] of others) {
      expect(await proveWithIdentity(owner, { ...identity, ...twist })).toBe(problem);
      expect((await newest(owner))?.details).toEqual({ by: "provider" });
      expect(await isFresh(owner.sessionId)).toBe(false);
    }
    const stranger = await makeActor();
    const theirs = await linked(stranger);
    expect(await proveWithIdentity(owner, { ...identity, ...theirs, presentAt: new Date() })).toBe(
      "proof_other",
    );
    expect(await proveWithIdentity(owner, identity)).toBeNull();
    expect(await provenAt(owner.sessionId), "from when they were there").toEqual(identity.presentAt);
    expect((await newest(owner))?.details).toEqual({ by: "provider", to: "id.example.com" });

    await setUpTotp(owner);
    await leftOpen();
    expect(await proveWithIdentity(owner, identity)).toBe("proof_second");
    expect(await isFresh(owner.sessionId)).toBe(false);
    expect(await proveWithIdentity(owner, { ...identity, severalFactors: true })).toBeNull();
    expect(await isFresh(owner.sessionId)).toBe(true);
  });
});

describe("unlinking", () => {
  test("ends it: the provider's word counts no more, the password does, and both changes are told by mail", async () => {
    const identity = await linked(owner);
    const [own] = (await readSingleSignOn(owner)).identities;
    await unlinkIdentity(owner, { identityId: own?.id ?? "" });
    expect((await signInWithIdentity(identity, freshOrigin())).step).toBe("link");
    await signInAgain(owner.email);
    expect(await trail(owner)).toEqual(["identity.linked", "identity.unlinked"]);
    const told = (await mailsTo(owner.email)).filter(({ template }) => template.startsWith("second_factor"));
    expect(told.map(({ template, params }) => [template, params])).toEqual([
      ["second_factor_added", expect.objectContaining({ factor: "provider" })],
      ["second_factor_removed", expect.objectContaining({ factor: "provider" })],
    ]);
  });

  test("is for one's own only", async () => {
    const identity = await linked(owner);
    const stranger = await makeActor();
    const row = await db.identity.findFirstOrThrow({ where: { subject: identity.subject } });
    for (const identityId of [row.id, randomUUID(), "", "a\0b"]) {
      expect(await refusedWith(unlinkIdentity(stranger, { identityId }))).toBe("not_found");
    }
    expect((await readSingleSignOn(stranger)).identities).toEqual([]);
    expect((await signInWithIdentity(identity, freshOrigin())).step).toBe("done");
  });
});
