import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { mostInvitations } from "@/lib/domain/membership";
import {
  freshEmail,
  freshOrigin,
  makeActor,
  makeMember,
  refusedWith,
  signInAgain,
  testPassword,
  trail,
} from "@/test/support/accounts";
import { resolveSession } from "../session/session";
import { acceptInvitation, joinByInvitation, readInvitation } from "./accept-invitation";
import {
  handOutInvitation,
  inviteMember,
  listInvitations,
  resendInvitation,
  withdrawInvitation,
} from "./invite";
import { listMembers } from "./members";

let owner: Actor;

beforeEach(async () => {
  owner = await makeActor("owner");
});

/** Invites and gives back the token of the link. */
async function invited(email: string, role = "viewer", by = owner): Promise<string> {
  const { path } = await inviteMember(by, { email, role });
  return path?.split("#")[1] ?? "";
}

const joining = (token: string) => ({ token, name: " Ana  Silva ", password: testPassword });
const join = (token: string) => joinByInvitation(joining(token), freshOrigin());

describe("an invitation", () => {
  test("makes a new person a member with its role and address, signed in, once", async () => {
    const email = freshEmail();
    const token = await invited(` ${email.toUpperCase()} `, "admin");
    expect(await readInvitation({ token })).toMatchObject({ accountName: "Bakery", email, known: false });
    const { sessionId } = await join(token);
    const actor = await resolveSession(sessionId, freshOrigin());
    expect(actor).toMatchObject({ email, role: "admin", accountId: owner.accountId });
    expect(await listMembers(owner)).toMatchObject([{ self: true }, { email, name: "Ana Silva" }]);
    expect(await listInvitations(owner)).toEqual([]);
    expect(await trail(owner)).toEqual(["member.invited", "member.joined"]);
    const user = await db.user.findUnique({ where: { email } });
    expect(user?.emailVerifiedAt, "a link that was handed out proves no mailbox").toBeNull();
    expect(await refusedWith(join(token)), "used").toBe("invitation_invalid");
  });

  test("makes someone who is signed in elsewhere a member and takes them there", async () => {
    const guest = await makeActor("owner");
    const token = await invited(guest.email);
    expect(await readInvitation({ token })).toMatchObject({ known: true });
    await acceptInvitation(guest, { token });
    const moved = await resolveSession(guest.sessionId, guest);
    expect(moved).toMatchObject({ accountId: owner.accountId, role: "viewer" });
    expect(await refusedWith(acceptInvitation(guest, { token })), "used").toBe("invitation_invalid");
    expect(await refusedWith(inviteMember(owner, { email: guest.email, role: "admin" }))).toBe(
      "invalid email:already_member",
    );
  });

  test("for somebody else is refused, and stays open for the one it is for", async () => {
    const [guest, stranger] = await Promise.all([makeActor(), makeActor()]);
    const token = await invited(guest.email);
    expect(await refusedWith(acceptInvitation(stranger, { token }))).toBe("invitation_elsewhere");
    expect(await refusedWith(join(token)), "not as someone new either").toBe("invalid email:email_taken");
    expect(await resolveSession(stranger.sessionId, stranger)).toMatchObject({
      accountId: stranger.accountId,
    });
    await acceptInvitation(guest, { token });
  });

  test("counts no more once it has expired, and counts again with a new link", async () => {
    const email = freshEmail();
    const token = await invited(email);
    const [open] = await listInvitations(owner);
    const invitationId = open?.id ?? "";
    await db.invitation.update({ where: { id: invitationId }, data: { expiresAt: new Date() } });
    expect(await refusedWith(readInvitation({ token }))).toBe("invitation_invalid");
    expect(await refusedWith(join(token))).toBe("invitation_invalid");
    expect(await listInvitations(owner)).toMatchObject([{ email, expired: true }]);
    const { path } = await resendInvitation(owner, { invitationId });
    expect(await refusedWith(join(token)), "the old link").toBe("invitation_invalid");
    await join(path?.split("#")[1] ?? "");
  });

  test("counts no more once it is withdrawn or replaced", async () => {
    const email = freshEmail();
    const first = await invited(email);
    const second = await invited(email, "admin");
    expect(await refusedWith(join(first)), "replaced").toBe("invitation_invalid");
    const [open, ...others] = await listInvitations(owner);
    expect([open?.role, others]).toEqual(["admin", []]);
    await withdrawInvitation(owner, { invitationId: open?.id ?? "" });
    expect(await refusedWith(join(second)), "withdrawn").toBe("invitation_invalid");
    expect(await db.user.findUnique({ where: { email } })).toBeNull();
  });

  test.each(["", "lki_", `lki_${"A".repeat(43)}`, "x".repeat(5000), "lki_'; drop table \0"])(
    "that is forged (%j) opens nothing",
    async (token) => {
      expect(await refusedWith(readInvitation({ token }))).toBe("invitation_invalid");
      expect(await refusedWith(join(token))).toBe("invitation_invalid");
      expect(await refusedWith(acceptInvitation(owner, { token }))).toBe("invitation_invalid");
    },
  );

  test("accepted twice at the same time makes one member and one event", async () => {
    const guest = await makeActor();
    const token = await invited(guest.email);
    const tries = await Promise.allSettled([1, 2, 3].map(() => acceptInvitation(guest, { token })));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await trail(owner)).toEqual(["member.invited", "member.joined"]);
  });

  test("is kept as a digest only", async () => {
    const token = await invited(freshEmail());
    const rows = await db.$queryRaw<{ row: string }[]>`
      SELECT to_json(i)::text AS row FROM "Invitation" i
      UNION ALL SELECT to_json(e)::text FROM "AuditEvent" e WHERE e."accountId" = ${owner.accountId}::uuid`;
    expect(rows.length).toBeGreaterThan(1);
    for (const { row } of rows) expect(row).not.toContain(token.slice(4));
  });
});

describe("who may invite", () => {
  test("an admin invites no owner, and touches no owner's invitation", async () => {
    const admin = await makeActor("admin", owner.accountId);
    const email = freshEmail();
    expect(await refusedWith(inviteMember(admin, { email, role: "owner" }))).toBe("forbidden");
    await invited(email, "owner");
    const invitationId = (await listInvitations(admin))[0]?.id ?? "";
    expect(await refusedWith(inviteMember(admin, { email, role: "viewer" }))).toBe("forbidden");
    expect(await refusedWith(resendInvitation(admin, { invitationId }))).toBe("forbidden");
    expect(await refusedWith(handOutInvitation(admin, { invitationId }))).toBe("forbidden");
    expect(await refusedWith(withdrawInvitation(admin, { invitationId }))).toBe("forbidden");
    await invited(freshEmail(), "admin", admin);
  });

  test("bad input names its field", async () => {
    const invite = (email: string, role: string) => refusedWith(inviteMember(owner, { email, role }));
    expect(await invite("", "viewer")).toBe("invalid email:required");
    expect(await invite("ana", "viewer")).toBe("invalid email:email_invalid");
    expect(await invite(freshEmail(), "root")).toBe("invalid role:choice_invalid");
    expect(await invite(owner.email, "viewer")).toBe("invalid email:already_member");
    expect(
      await refusedWith(joinByInvitation({ ...joining(await invited(freshEmail())), password: "x" }, owner)),
    ).toBe("invalid password:too_short");
  });

  test("an account has so many open invitations and no more", async () => {
    const row = { accountId: owner.accountId, role: "viewer", invitedBy: owner.email } as const;
    await db.invitation.createMany({
      data: Array.from({ length: mostInvitations }, (_, n) => ({
        ...row,
        email: `${n}-${freshEmail()}`,
        digest: crypto.getRandomValues(new Uint8Array(32)),
        expiresAt: new Date(),
      })),
    });
    expect(await refusedWith(inviteMember(owner, { email: freshEmail(), role: "viewer" }))).toBe(
      "invalid email:invitations_too_many",
    );
  });

  test("foreign and unknown invitations are found by nobody", async () => {
    await invited(freshEmail());
    const invitationId = (await listInvitations(owner))[0]?.id ?? "";
    const stranger = await makeActor();
    expect(await listInvitations(stranger)).toEqual([]);
    for (const id of [invitationId, crypto.randomUUID(), "", "'; drop"]) {
      expect(await refusedWith(resendInvitation(stranger, { invitationId: id }))).toBe("not_found");
      expect(await refusedWith(handOutInvitation(stranger, { invitationId: id }))).toBe("not_found");
      expect(await refusedWith(withdrawInvitation(stranger, { invitationId: id }))).toBe("not_found");
    }
  });

  test("an invitation of a member who came another way is used up and changes nothing", async () => {
    const guest = await makeMember((await makeActor()).accountId, "owner");
    const token = await invited(guest.email, "admin");
    const key = { userId: guest.userId, accountId: owner.accountId };
    await db.membership.create({ data: { ...key, role: "viewer" } });
    await acceptInvitation(await signInAgain(guest.email), { token });
    expect(await db.membership.findUniqueOrThrow({ where: { userId_accountId: key } })).toMatchObject({
      role: "viewer",
    });
    expect(await listInvitations(owner)).toEqual([]);
  });
});
