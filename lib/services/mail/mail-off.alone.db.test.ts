import { expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { makeActor, makeMember, refusedWith, testPassword } from "@/test/support/accounts";
import { setUpTotp } from "@/test/support/second-factors";
import { requestAddressChange } from "../account/email-address";
import { changeMemberRole } from "../members/members";
import { prove } from "../session/prove";
import { removeTotp } from "../two-step/totp";
import { sendsMail } from "./queue";

test("without a mail server nothing is queued, and everything goes on", async () => {
  expect(sendsMail()).toBe(false);
  const before = await db.outbox.count();
  const actor = await makeActor();
  const { codes } = await setUpTotp(actor);
  await prove(actor, { password: testPassword, code: codes[0] ?? "" });
  await removeTotp(actor);
  const { userId } = await makeMember(actor.accountId, "viewer");
  await changeMemberRole(actor, { userId, role: "admin" });
  expect(await db.outbox.count()).toBe(before);
});

test("without a mail server an address cannot be changed", async () => {
  const actor = await makeActor();
  expect(await refusedWith(requestAddressChange(actor, { email: "new@example.com" }))).toBe("mail_off");
});
