import { describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import {
  actorOf,
  freshOrigin,
  makeAccount,
  makeActor,
  makeMember,
  refusedWith,
  testPassword,
} from "@/test/support/accounts";
import { codeOf, forgetSteps, passFirstStep, setUpTotp } from "@/test/support/second-factors";
import { limitLogin, loginLimits } from "./login-limit";
import { prove } from "./prove";
import { finishWithCode } from "./second-step";
import { signIn } from "./sign-in";

const { points } = loginLimits.email;

/** One wrong password for each of these addresses, from a place of its own. */
function guess(emails: readonly string[]): Promise<string[]> {
  const password = "not the right password at all";
  return Promise.all(emails.map((email) => refusedWith(signIn({ email, password }, freshOrigin()))));
}

/** Somebody who has the password tries codes from ever new places until nothing more is taken for a day. */
async function guessCodes(email: string): Promise<string> {
  for (let tries = 0; tries < 2 * loginLimits.secondStep.points; tries++) {
    await minutesPass();
    const place = freshOrigin();
    const pending = await passFirstStep(email, place);
    const answer = await refusedWith(finishWithCode(pending, { code: "000000" }, place));
    if (answer === "limited") return answer;
  }
  return "never limited";
}

/** The tries of a quarter of an hour at an address are over; those of the day stay. */
async function minutesPass(): Promise<void> {
  await db.loginLimit.deleteMany({ where: { key: { startsWith: "email:" } } });
}

const count = (answers: readonly string[], what: string) => answers.filter((each) => each === what).length;

describe("guesses", () => {
  test("from many addresses at one user end after ten, and the user's own browser still gets in", async () => {
    const actor = await makeActor();
    const answers = await guess(Array(4 * points).fill(actor.email));
    expect([count(answers, "bad_credentials"), count(answers, "limited")]).toEqual([points, 3 * points]);
    const right = { email: actor.email, password: testPassword };
    expect(await refusedWith(signIn(right, freshOrigin()))).toBe("limited");
    expect(await signIn(right, actor)).toMatchObject({ step: "done" });
    expect(await refusedWith(signIn(right, freshOrigin())), "and opens nothing for others").toBe("limited");
  });

  test("from the user's own browser end after ten as well, and shut out nobody else", async () => {
    const actor = await makeActor();
    const wrong = { email: actor.email, password: "not the right password at all" };
    for (let i = 0; i < points; i++) expect(await refusedWith(signIn(wrong, actor))).toBe("bad_credentials");
    const right = { email: actor.email, password: testPassword };
    expect(await refusedWith(signIn(right, actor))).toBe("limited");
    expect(await signIn(right, freshOrigin())).toMatchObject({ step: "done" });
  });

  test("at somebody's password keep them neither from their second step nor from a proof", async () => {
    const actor = await makeActor();
    const { key } = await setUpTotp(actor);
    await guess(Array(points + 1).fill(actor.email));
    const outcome = await signIn({ email: actor.email, password: testPassword }, actor);
    const pending = outcome.step === "second" ? outcome.pending : "";
    expect(await finishWithCode(pending, { code: codeOf(key) }, actor)).toHaveProperty("sessionId");
    const other = await makeActor();
    await guess(Array(points + 1).fill(other.email));
    await prove(other, { password: testPassword });
  });

  test("by somebody who has the password, at codes for a whole day, reach no session, no known device and no recovery code of the owner", async () => {
    const owner = await makeActor();
    const { key, codes } = await setUpTotp(owner);
    expect(await guessCodes(owner.email)).toBe("limited");
    await prove(owner, { password: testPassword, code: codeOf(key) });
    await forgetSteps(owner);
    const known = await passFirstStep(owner.email, owner);
    expect(await finishWithCode(known, { code: codeOf(key) }, owner)).toHaveProperty("sessionId");
    await forgetSteps(owner);
    await minutesPass();
    const elsewhere = freshOrigin();
    const pending = await passFirstStep(owner.email, elsewhere);
    expect(await refusedWith(finishWithCode(pending, { code: codeOf(key) }, elsewhere))).toBe("limited");
    expect(await finishWithCode(pending, { code: codes[0] ?? "" }, elsewhere)).toHaveProperty("sessionId");
  }, 60_000);

  test("in a stolen session end that session's proofs, not those of the others, and not by going elsewhere with it", async () => {
    const owner = await makeActor();
    const { key } = await setUpTotp(owner);
    const pending = await passFirstStep(owner.email, owner);
    const { sessionId } = await finishWithCode(pending, { code: codeOf(key) }, owner);
    const stolen = await actorOf(sessionId, owner);
    const attempt = (place = freshOrigin()) =>
      refusedWith(prove({ ...stolen, ...place }, { password: testPassword, code: "000000" }));
    const answers: string[] = [];
    for (let day = 0; day < loginLimits.secondStep.points / points; day++) {
      for (let i = 0; i < points; i++) answers.push(await attempt());
      expect(await attempt()).toBe("limited");
      await db.loginLimit.deleteMany({ where: { key: { startsWith: "proof:" } } });
    }
    expect(count(answers, "invalid code:code_wrong")).toBe(loginLimits.proofCode.points);
    expect(await attempt(), "for the day").toBe("limited");
    await forgetSteps(owner);
    await prove(owner, { password: testPassword, code: codeOf(key) });
  }, 60_000);

  test("from a stolen session's many networks are those of one known device", async () => {
    const owner = await makeActor();
    const wrong = { email: owner.email, password: "not the right password at all" };
    const answers: string[] = [];
    for (let i = 0; i < points + 2; i++) {
      const place = freshOrigin();
      await db.session.update({ where: { id: owner.sessionId }, data: { address: place.address } });
      answers.push(await refusedWith(signIn(wrong, place)));
    }
    expect([count(answers, "bad_credentials"), count(answers, "limited")]).toEqual([points, 2]);
  });

  test("of neighbours behind one address keep an open session there from no proof", async () => {
    const actor = await makeActor();
    const wrong = { email: "nobody@example.com", password: "not the right password at all" };
    const neighbour = { address: actor.address, userAgent: "Another browser" };
    for (let i = 0; i < loginLimits.address.points; i++) {
      await limitLogin(`${i}${wrong.email}`, neighbour.address);
    }
    expect(await refusedWith(signIn(wrong, neighbour))).toBe("limited");
    await prove(actor, { password: testPassword });
  });

  test("leave two short rows each, whatever was typed, and nothing of it", async () => {
    await db.loginLimit.deleteMany();
    const { email } = await makeMember(await makeAccount(), "owner");
    const long = `${"x".repeat(5000)}@example.com`;
    await guess([email, email, email, long, "a\0b@example.com"]);
    const rows = await db.loginLimit.findMany();
    expect(rows).toHaveLength(5 + 3);
    for (const { key, points: used } of rows) {
      expect(key.length).toBeLessThan(60);
      expect(key).not.toContain(email);
      expect(used).toBeLessThanOrEqual(3);
    }
  });
});
