import { describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { freshOrigin, makeAccount, makeActor, makeMember, testPassword } from "../testing/actors";
import { refusedWith } from "../testing/refused";
import { codeOf, setUpTotp } from "../testing/two-step";
import { loginLimits } from "./login-limit";
import { prove } from "./prove";
import { finishWithCode } from "./second-step";
import { signIn } from "./sign-in";

const { points } = loginLimits.email;

/** One wrong password for each of these addresses, from a place of its own. */
function guess(emails: readonly string[]): Promise<string[]> {
  const password = "not the right password at all";
  return Promise.all(emails.map((email) => refusedWith(signIn({ email, password }, freshOrigin()))));
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
