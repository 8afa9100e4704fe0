import { expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { AlertKind } from "@/lib/domain/alert";
import { makeActor, refusedWith, trail } from "@/test/support/accounts";
import { changeAlerts, readAlerts } from "./settings";

test("each member switches each kind of alert off and on for themselves, on record", async () => {
  const owner = await makeActor();
  const admin = await makeActor("admin", owner.accountId);
  await changeAlerts(owner, { kind: "grace_ends", on: false });
  await changeAlerts(owner, { kind: "grace_ends", on: false });
  await changeAlerts(owner, { kind: "overlap_ends", on: false });
  const off = async (actor: typeof owner) =>
    (await readAlerts(actor)).settings.flatMap(({ kind, on }) => (on ? [] : [kind]));
  expect(await off(owner)).toEqual(["grace_ends", "overlap_ends"]);
  expect(await off(admin)).toEqual([]);
  await changeAlerts(owner, { kind: "grace_ends", on: true });
  expect(await off(owner)).toEqual(["overlap_ends"]);
  expect(await trail(owner)).toEqual(Array(3).fill("member.alerts_changed"));
});

test("what is switched off in one account stays on in another", async () => {
  const owner = await makeActor();
  const { id: accountId } = await db.account.create({ data: { name: "Elsewhere" } });
  await db.membership.create({ data: { userId: owner.userId, accountId, role: "owner" } });
  await changeAlerts(owner, { kind: "grace_ends", on: false });
  expect((await readAlerts({ ...owner, accountId })).settings.every(({ on }) => on)).toBe(true);
});

test("no other kind is taken, and without a mail server it says that nothing is sent", async () => {
  const owner = await makeActor();
  expect(await refusedWith(changeAlerts(owner, { kind: "password_changed" as AlertKind, on: false }))).toBe(
    "invalid kind:required",
  );
  expect((await readAlerts(owner)).obstacle).toBe("mail_off");
});
