import { describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import {
  freshEmail,
  freshOrigin,
  makeAccount,
  makeActor,
  makeMember,
  refusedWith,
  signInAgain,
  testPassword,
  trail,
} from "@/test/support/accounts";
import { mailsTo, sentToken } from "@/test/support/mail-on";
import {
  Authenticator,
  codeOf,
  forgetSteps,
  passFirstStep,
  setUpTotp,
  testSite,
} from "@/test/support/second-factors";
import { deleteAccount } from "../account/account";
import { changePassword } from "../account/password";
import { acceptInvitation, joinByInvitation } from "../members/accept-invitation";
import { handOutInvitation, inviteMember, listInvitations, resendInvitation } from "../members/invite";
import { changeMemberRole, endMemberSessions, removeMember, transferOwnership } from "../members/members";
import { addPasskey, removePasskey, startPasskey } from "../passkeys/passkeys";
import { prove } from "../session/prove";
import { finishWithCode } from "../session/second-step";
import { regenerateRecoveryCodes } from "../two-step/recovery-codes";
import { removeTotp } from "../two-step/totp";

/** The mails of a person without those of new devices, each with its facts left out. */
async function told(email: string) {
  const mails = (await mailsTo(email)).filter(({ template }) => template !== "new_device");
  return mails.map(({ template, params }) => {
    const {
      at: _at,
      address: _address,
      userAgent: _userAgent,
      ...said
    } = { ...params } as Record<string, unknown>;
    return [template, said];
  });
}

async function verifiedAt(email: string) {
  return (await db.user.findUniqueOrThrow({ where: { email } })).emailVerifiedAt;
}

describe("a person is told by mail", () => {
  test("of everything that changes how they sign in, and of every recovery code that is used", async () => {
    const actor = await makeActor();
    const { key, codes } = await setUpTotp(actor);
    const other = await setUpTotp(actor);
    expect(other.codes).toEqual([]);
    await forgetSteps(actor);
    await finishWithCode(await passFirstStep(actor.email, actor), { code: codes[0] ?? "" }, actor);
    await prove(actor, { password: testPassword, code: codes[1] ?? "" });
    await prove(actor, { password: testPassword, code: codeOf(other.key) });
    expect(key).not.toBe(other.key);
    await regenerateRecoveryCodes(actor);
    const made = new Authenticator().create(await startPasskey(actor, { site: testSite }));
    await addPasskey(actor, { answer: made, site: testSite });
    const { id } = await db.passkey.findFirstOrThrow({ where: { userId: actor.userId } });
    await removeTotp(actor);
    await removePasskey(actor, { passkeyId: id });
    await changePassword(actor, { current: testPassword, password: "copper meadow 4821 trellis" });
    expect(await told(actor.email)).toEqual([
      ["second_factor_added", { factor: "totp" }],
      ["second_factor_added", { factor: "totp" }],
      ["recovery_code_used", { left: 9 }],
      ["recovery_code_used", { left: 8 }],
      ["second_factor_added", { factor: "recovery_codes" }],
      ["second_factor_added", { factor: "passkey" }],
      ["second_factor_removed", { factor: "totp" }],
      ["second_factor_removed", { factor: "passkey" }],
      ["password_changed", {}],
    ]);
  });

  test("of a sign-in from a browser that is new, and of none from one that is known", async () => {
    const actor = await makeActor();
    const devices = async () =>
      (await mailsTo(actor.email)).filter((each) => each.template === "new_device").length;
    const before = await devices();
    await signInAgain(actor.email);
    expect(await devices()).toBe(before + 1);
  });

  test("of another role, of ended sessions, of being removed, and of an account's end, by whom", async () => {
    const owner = await makeActor();
    const { accountId, email: by } = owner;
    const [ana, bob] = [await makeMember(accountId, "viewer"), await makeMember(accountId, "viewer")];
    await changeMemberRole(owner, { userId: ana.userId, role: "admin" });
    await endMemberSessions(owner, bob);
    await removeMember(owner, bob);
    await transferOwnership(owner, ana);
    const now: Actor = { ...(await signInAgain(ana.email)) };
    await deleteAccount(now, { confirmName: "Bakery" });
    const account = "Bakery";
    expect(await told(ana.email)).toEqual([
      ["role_changed", { account, role: "admin", by }],
      ["role_changed", { account, role: "owner", by }],
      ["account_deleted", { account, by: ana.email }],
    ]);
    expect(await told(bob.email)).toEqual([
      ["sessions_ended", { account, by }],
      ["member_removed", { account, by }],
    ]);
    expect(await told(by)).toEqual([["account_deleted", { account, by: ana.email }]]);
  });
});

const joinBy = (token: string) =>
  joinByInvitation({ token, name: "Ana", password: testPassword }, freshOrigin());

describe("an invitation that went by mail", () => {
  test("confirms the address of whoever joins or accepts with it", async () => {
    const owner = await makeActor();
    const email = freshEmail();
    expect(await inviteMember(owner, { email, role: "viewer" })).toEqual({ email, path: null });
    const token = await sentToken(email, "invitation");
    await joinByInvitation({ token, name: "Ana", password: testPassword }, freshOrigin());
    expect(await verifiedAt(email)).not.toBeNull();
    const guest = await makeActor("owner", await makeAccount("Elsewhere"));
    expect(await verifiedAt(guest.email)).toBeNull();
    await inviteMember(owner, { email: guest.email, role: "viewer" });
    await acceptInvitation(guest, { token: await sentToken(guest.email, "invitation") });
    expect(await verifiedAt(guest.email)).not.toBeNull();
  });

  test("confirms nothing when a link was handed out instead, and does after it was sent again", async () => {
    const owner = await makeActor();
    for (const again of [false, true]) {
      const email = freshEmail();
      await inviteMember(owner, { email, role: "viewer" });
      const mailed = await sentToken(email, "invitation");
      const [{ id: invitationId } = { id: "" }] = await listInvitations(owner);
      const { path } = await handOutInvitation(owner, { invitationId });
      const handedOut = path?.split("#")[1] ?? "";
      expect(await refusedWith(joinBy(mailed)), "the mailed link").toBe("invitation_invalid");
      if (again) expect(await resendInvitation(owner, { invitationId })).toEqual({ email, path: null });
      const token = await sentToken(email, "invitation");
      expect(token === mailed, "handing out sends nothing").toBe(!again);
      if (again) expect(await refusedWith(joinBy(handedOut)), "the link").toBe("invitation_invalid");
      await joinBy(again ? token : handedOut);
      expect((await verifiedAt(email)) !== null).toBe(again);
    }
    const renewals = (await trail(owner)).filter((action) => action.startsWith("member.invitation_"));
    expect(renewals).toEqual([
      "member.invitation_handed_out",
      "member.invitation_handed_out",
      "member.invitation_renewed",
    ]);
  });
});
