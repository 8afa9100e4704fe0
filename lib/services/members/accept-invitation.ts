import { z } from "zod";
import { db } from "@/lib/db/client";
import { inAccountTransaction } from "@/lib/db/transaction";
import type { Person } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { moveSession } from "../account/enter";
import { parse } from "../parse";
import { becomeMember } from "./become-member";
import { openInvitation, tokenSchema } from "./invitation-token";

const schema = z.object({ token: tokenSchema });

/**
 * Accepts an invitation as someone who is signed in, and moves the session to that account. An invitation
 * counts once, and for its own address only.
 *
 * @throws Refusal `invitation_invalid`, `invitation_elsewhere` (for another address), `unauthenticated`
 */
export async function acceptInvitation(person: Person, input: { token: string }): Promise<void> {
  const { token } = parse(schema, input);
  const { accountId } = await openInvitation(db, token);
  await inAccountTransaction(accountId, async (tx) => {
    // Again, with the account held: of two who accept at once, the second finds nothing.
    const invitation = await openInvitation(tx, token);
    if (invitation.email !== person.email) throw new Refusal("invitation_elsewhere");
    await becomeMember(tx, invitation, person);
    await moveSession(tx, person, accountId, null);
  });
}
