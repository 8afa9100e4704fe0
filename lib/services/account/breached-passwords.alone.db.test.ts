import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/db/client";
import { freshEmail, freshOrigin, makeActor, refusedWith, testPassword } from "@/test/support/accounts";
import { sentToken } from "@/test/support/mail-on";
import { joinByInvitation } from "../members/accept-invitation";
import { inviteMember } from "../members/invite";
import { changePassword, requestPasswordReset, resetPassword } from "./password";
import { register } from "./register";

const folder = mkdtempSync(join(tmpdir(), "latchkey-breached-"));
const setting = vi.hoisted(() => ({ breachedPasswordsFile: undefined as string | undefined }));
vi.mock("@/lib/config", async (load) => {
  const real = await load<typeof import("@/lib/config")>();
  return { ...real, config: () => ({ ...real.config(), ...setting, logLevel: "silent" }) };
});

/** Nothing else is wrong with it. */
const breached = "dois gatos na janela azul";

function list(password: string): void {
  setting.breachedPasswordsFile = join(folder, "list.txt");
  const hash = createHash("sha1").update(password).digest("hex").toUpperCase();
  writeFileSync(setting.breachedPasswordsFile, `${hash}:42\n`);
}

beforeEach(() => list(breached));
afterAll(() => rmSync(folder, { recursive: true }));

const password = { password: breached };
const origin = freshOrigin();

/** Everything that sets a password. */
async function everyWay(): Promise<readonly string[]> {
  const owner = await makeActor();
  const email = freshEmail();
  await inviteMember(owner, { email, role: "viewer" });
  const token = await sentToken(email, "invitation");
  const outcomes = [
    await refusedWith(register({ accountName: "Bakery", email: freshEmail(), ...password }, origin)),
    await refusedWith(joinByInvitation({ token, name: "Ana", ...password }, origin)),
    await refusedWith(changePassword(owner, { current: testPassword, ...password })),
  ];
  await requestPasswordReset({ email: owner.email }, origin);
  const link = await sentToken(owner.email, "reset_password");
  outcomes.push(await refusedWith(resetPassword({ token: link, ...password }, origin)));
  return outcomes;
}

describe("a password on the list of breached ones", () => {
  test("is refused at registration, by an invitation, in a change and in a reset", async () => {
    expect(await everyWay()).toEqual(Array(4).fill("invalid password:password_breached"));
  });

  test("is refused however its characters were typed, and others are taken", async () => {
    const owner = await makeActor();
    const change = (to: string) => changePassword(owner, { current: testPassword, password: to });
    list("caf\u00e9 azul, dois gatos na janela");
    expect(await refusedWith(change("cafe\u0301 azul, dois gatos na janela"))).toMatch("password_breached");
    await change(breached);
  });

  test("counts as there when the list cannot be read: nothing is changed, and a sentence says so", async () => {
    setting.breachedPasswordsFile = join(folder, "gone.txt");
    const users = await db.user.count();
    expect(await everyWay()).toEqual(Array(4).fill("invalid password:password_unchecked"));
    expect(await db.user.count()).toBe(users + 1);
  });
});
