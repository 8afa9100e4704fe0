import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { challengeSeconds } from "@/lib/domain/passkey";
import { actorOf, freshOrigin, makeActor, refusedWith, testPassword, trail } from "@/test/support/accounts";
import { Authenticator, testSite } from "@/test/support/second-factors";
import { prove, proveWithPasskey, startPasskeyProof } from "../session/prove";
import { finishWithPasskey, startPasskeyStep } from "../session/second-step";
import { signIn } from "../session/sign-in";
import { signInWithPasskey, startPasskeySignIn } from "../session/sign-in-with-passkey";
import { requireTwoStep } from "../two-step/two-step";
import {
  addPasskey,
  listPasskeys,
  type NewPasskey,
  removePasskey,
  renamePasskey,
  startPasskey,
} from "./passkeys";

let owner: Actor;
let device: Authenticator;
let codes: readonly string[];

const browser = () => randomBytes(32).toString("base64url");
const list = (actor: Actor) => listPasskeys(actor, { host: testSite.rpId });

async function add(actor: Actor, authenticator: Authenticator): Promise<readonly string[] | null> {
  const answer = authenticator.create(await startPasskey(actor, { site: testSite }));
  return (await addPasskey(actor, { answer, site: testSite })).recoveryCodes;
}

beforeEach(async () => {
  owner = await makeActor();
  device = new Authenticator();
  codes = (await add(owner, device)) ?? [];
});

describe("adding a passkey", () => {
  test("the first one brings recovery codes, later ones do not; each has a name and no other person sees it", async () => {
    expect(new Set(codes).size).toBe(10);
    expect(await add(owner, new Authenticator())).toBeNull();
    expect((await list(owner)).map(({ name, lastUsedAt }) => [name, lastUsedAt])).toEqual([
      ["Passkey", null],
      ["Passkey 2", null],
    ]);
    expect(await list(await makeActor())).toEqual([]);
    expect(await trail(owner)).toEqual(["passkey.added", "passkey.added"]);
  });

  test("an answer counts once, in its own session, on this site, with a checked holder", async () => {
    const options = await startPasskey(owner, { site: testSite });
    expect(options.excludeCredentials?.map(({ id }) => id)).toEqual([device.id]);
    const refused = (answer: unknown, actor = owner) =>
      refusedWith(addPasskey(actor, { answer: answer as NewPasskey, site: testSite }));
    for (const twist of [{ origin: "https://evil.example" }, { rpId: "evil.example" }, { verified: false }]) {
      expect([twist, await refused(new Authenticator().create(options, twist))]).toEqual([
        twist,
        "passkey_failed",
      ]);
    }
    const fresh = new Authenticator();
    const answer = fresh.create(options);
    expect(await refused(answer, await makeActor())).toBe("passkey_failed");
    await addPasskey(owner, { answer, site: testSite });
    expect(await refused(answer)).toBe("passkey_failed");
    expect(await refused(fresh.create(await startPasskey(owner, { site: testSite })))).toBe("passkey_failed");
    for (const nonsense of [null, {}, "x", { id: "a\0b", response: {} }, { ...answer, response: null }]) {
      expect(await refused(nonsense)).toBe("passkey_failed");
    }
    expect(await list(owner)).toHaveLength(2);
  });
});

describe("signing in with a passkey alone", () => {
  const enter = async (assertion: unknown, secret: string, site = testSite) =>
    signInWithPasskey(secret, assertion as never, site, freshOrigin());

  test("makes a session with a fresh proof, notes the use, and needs no second step", async () => {
    const secret = browser();
    const options = await startPasskeySignIn(secret, testSite);
    expect(options).toMatchObject({ userVerification: "required", rpId: testSite.rpId });
    expect(options.allowCredentials ?? []).toEqual([]);
    const { sessionId, userId } = await enter(device.get(options), secret);
    expect(userId).toBe(owner.userId);
    const actor = await actorOf(sessionId, freshOrigin());
    await removePasskey(actor, { passkeyId: (await list(actor))[0]?.id ?? "" });
  });

  test("an answer counts once, also when it is brought twice at the same time", async () => {
    const secret = browser();
    const assertion = device.get(await startPasskeySignIn(secret, testSite));
    const both = await Promise.allSettled([enter(assertion, secret), enter(assertion, secret)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await refusedWith(enter(assertion, secret))).toBe("passkey_unknown");
  });

  test.each([
    ["of another origin", { origin: "https://evil.example" }],
    ["of another host", { rpId: "evil.example" }],
    ["of a frame on another site", { crossOrigin: true, origin: "https://evil.example" }],
    ["whose holder was not checked", { verified: false }],
    ["for another user", { userHandle: Buffer.from("somebody").toString("base64url") }],
  ])("an answer %s is refused, and its owner sees that", async (_what, twist) => {
    const secret = browser();
    const assertion = device.get(await startPasskeySignIn(secret, testSite), twist);
    expect(await refusedWith(enter(assertion, secret))).toBe("passkey_unknown");
    expect(await trail(owner)).toEqual(["passkey.added", "session.passkey_refused"]);
  });

  test("a counter that goes back is refused: somebody has a copy", async () => {
    const secret = browser();
    const ask = () => startPasskeySignIn(secret, testSite);
    await enter(device.get(await ask(), { counter: 7 }), secret);
    for (const counter of [7, 6, 0]) {
      expect(await refusedWith(enter(device.get(await ask(), { counter }), secret))).toBe("passkey_unknown");
    }
    await enter(device.get(await ask(), { counter: 8 }), secret);
  });

  test("a challenge of another browser, for another purpose, made up or run out is none", async () => {
    const secret = browser();
    const { challenge } = await startPasskeySignIn(secret, testSite);
    const wrong = [
      [(await startPasskeySignIn(browser(), testSite)).challenge, secret],
      [(await startPasskeyProof(owner, { site: testSite })).challenge, owner.sessionId],
      [randomBytes(64).toString("base64url"), secret],
      [challenge.slice(0, 20), secret],
      ["", secret],
    ] as const;
    for (const [text, by] of wrong) {
      expect(await refusedWith(enter(device.get({ challenge: text }), by))).toBe("passkey_unknown");
    }
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - challengeSeconds * 1000 - 1 });
    const late = await startPasskeySignIn(secret, testSite);
    vi.useRealTimers();
    expect(await refusedWith(enter(device.get(late), secret))).toBe("passkey_unknown");
    const old = Buffer.from(late.challenge, "base64url");
    old.writeBigUInt64BE(BigInt(Date.now() + challengeSeconds * 2000), 24);
    const stretched = device.get({ challenge: old.toString("base64url") });
    expect(await refusedWith(enter(stretched, secret))).toBe("passkey_unknown");
  });

  test("a passkey that was removed, is unknown, or belongs to another host is none", async () => {
    const secret = browser();
    const assertion = device.get(await startPasskeySignIn(secret, testSite));
    const other = { origin: "https://other.example.com", rpId: "other.example.com" };
    const there = device.get(await startPasskeySignIn(secret, other), other);
    expect(await refusedWith(enter(there, secret, other))).toBe("passkey_unknown");
    await removePasskey(owner, { passkeyId: (await list(owner))[0]?.id ?? "" });
    expect(await refusedWith(enter(assertion, secret))).toBe("passkey_unknown");
    const unknown = new Authenticator().get(await startPasskeySignIn(secret, testSite));
    expect(await refusedWith(enter(unknown, secret))).toBe("passkey_unknown");
    for (const nonsense of [null, {}, { id: 1 }, { id: device.id }, { id: device.id, response: "x" }]) {
      expect(await refusedWith(enter(nonsense, secret))).toBe("passkey_unknown");
    }
  });
});

describe("as the second step", () => {
  const firstStep = async (email: string): Promise<string> => {
    const outcome = await signIn({ email, password: testPassword }, freshOrigin());
    if (outcome.step !== "second") throw new Error("no second step is due");
    return outcome.pending;
  };

  test("it is due from the first passkey on, and only the person's own passkey will do", async () => {
    const pending = await firstStep(owner.email);
    const options = await startPasskeyStep(pending, testSite);
    expect(options.allowCredentials?.map(({ id }) => id)).toEqual([device.id]);
    const stranger = new Authenticator();
    await add(await makeActor(), stranger);
    const finish = (by: Authenticator) =>
      finishWithPasskey(pending, by.get(options), testSite, freshOrigin());
    expect(await refusedWith(finish(stranger))).toBe("second_step_failed");
    expect((await finish(device)).userId).toBe(owner.userId);
    expect(await refusedWith(finish(device))).toBe("second_step_over");
  });

  test("a challenge of another waiting sign-in is none", async () => {
    const [one, two] = [await firstStep(owner.email), await firstStep(owner.email)];
    const assertion = device.get(await startPasskeyStep(one, testSite));
    expect(await refusedWith(finishWithPasskey(two, assertion, testSite, freshOrigin()))).toBe(
      "second_step_failed",
    );
    expect(await refusedWith(startPasskeyStep("unknown", testSite))).toBe("second_step_over");
  });
});

describe("as a proof", () => {
  const provenAt = async () => (await actorOf(owner.sessionId, owner)).provenAt.getTime();

  beforeEach(async () => {
    await db.session.update({ where: { id: owner.sessionId }, data: { provenAt: new Date(0) } });
  });

  test("a passkey is enough, once, and only the actor's own", async () => {
    const stranger = await makeActor();
    const theirs = new Authenticator();
    await add(stranger, theirs);
    const options = await startPasskeyProof(owner, { site: testSite });
    const by = (authenticator: Authenticator) =>
      proveWithPasskey(owner, { answer: authenticator.get(options), site: testSite });
    expect(await refusedWith(by(theirs))).toBe("passkey_failed");
    expect(await provenAt()).toBe(0);
    await by(device);
    expect(Date.now() - (await provenAt())).toBeLessThan(60_000);
    expect(await refusedWith(by(device))).toBe("passkey_failed");
  });

  test("with a second factor the password alone is not enough; a recovery code with it is, once", async () => {
    const code = codes[0] ?? "";
    const password = testPassword;
    expect(await refusedWith(prove(owner, { password }))).toBe("invalid code:required");
    expect(await refusedWith(prove(owner, { password, code: "123456" }))).toBe("invalid code:code_wrong");
    expect(await refusedWith(prove(owner, { password: "wrong", code }))).toBe(
      "invalid password:password_wrong",
    );
    expect(await provenAt()).toBe(0);
    await prove(owner, { password, code });
    expect(Date.now() - (await provenAt())).toBeLessThan(60_000);
    expect(await refusedWith(prove(owner, { password, code }))).toBe("invalid code:code_wrong");
  });
});

describe("renaming and removing", () => {
  test("concern the person's own passkeys only", async () => {
    const [passkey] = await list(owner);
    const passkeyId = passkey?.id ?? "";
    const stranger = await makeActor();
    for (const id of [passkeyId, "x", "00000000-0000-7000-8000-000000000000"]) {
      expect(await refusedWith(renamePasskey(stranger, { passkeyId: id, name: "Mine" }))).toBe("not_found");
      expect(await refusedWith(removePasskey(stranger, { passkeyId: id }))).toBe("not_found");
    }
    expect(await refusedWith(renamePasskey(owner, { passkeyId, name: "  " }))).toBe("invalid name:required");
    await renamePasskey(owner, { passkeyId, name: " Blue  key " });
    expect(await list(owner)).toMatchObject([{ name: "Blue key" }]);
  });

  test("the last one stays while an account requires two-step sign-in; else the recovery codes go with it", async () => {
    const passkeyId = (await list(owner))[0]?.id ?? "";
    await requireTwoStep(owner, { required: true });
    expect(await refusedWith(removePasskey(owner, { passkeyId }))).toBe("two_step_last");
    await requireTwoStep(owner, { required: false });
    await removePasskey(owner, { passkeyId });
    expect(await db.recoveryCode.count({ where: { userId: owner.userId } })).toBe(0);
    expect(await signIn({ email: owner.email, password: testPassword }, freshOrigin())).toMatchObject({
      step: "done",
    });
  });
});
