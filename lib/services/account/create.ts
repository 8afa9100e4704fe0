import { z } from "zod";
import { config } from "@/lib/config";
import { holdLock } from "@/lib/db/advisory-lock";
import { inTransaction } from "@/lib/db/transaction";
import type { Person } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { appendAudit } from "../audit/append";
import { by } from "../change";
import { nameSchema } from "../name-schema";
import { parse } from "../parse";
import { limitRegistration } from "../session/login-limit";
import { secondFactorsOf } from "../session/second-factors";
import { moveSession } from "./enter";
import { registrationState, registrationStateIn } from "./registration-state";

const schema = z.object({ accountName: nameSchema });

/**
 * Makes another account, of which the person is the owner, and moves the session to it. Possible where
 * someone new could register.
 *
 * @throws Refusal `registration_closed`, `limited`, `unauthenticated`, `two_step_required` where REQUIRE_TWO_STEP
 *   asks for a second factor first, or `invalid` (accountName)
 */
export async function createAccount(person: Person, input: { accountName: string }): Promise<void> {
  if ((await registrationState()) === "closed") throw new Refusal("registration_closed");
  const { accountName } = parse(schema, input);
  await limitRegistration(person.address);
  await inTransaction(async (tx) => {
    await holdLock(tx, "registration");
    if ((await registrationStateIn(tx)) === "closed") throw new Refusal("registration_closed");
    if (config().requireTwoStep && (await secondFactorsOf(tx, person.userId)).length === 0) {
      throw new Refusal("two_step_required");
    }
    const account = await tx.account.create({ data: { name: accountName } });
    const accountId = account.id;
    await tx.membership.create({ data: { userId: person.userId, accountId, role: "owner" } });
    await moveSession(tx, person, accountId, null);
    await appendAudit(tx, {
      ...by({ ...person, accountId }),
      action: "account.created",
      targetType: "account",
      targetId: accountId,
      targetLabel: accountName,
    });
  });
}
