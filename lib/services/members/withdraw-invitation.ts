import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse } from "../parse";
import { memberEvent } from "./event";
import { findInvitation } from "./find-invitation";

const schema = z.object({ invitationId: z.string() });

/**
 * Takes an invitation back: its link ends at once.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`
 */
export async function withdrawInvitation(actor: Actor, input: { invitationId: string }): Promise<void> {
  authorize(actor, "member.invite");
  const { invitationId } = parse(schema, input);
  await change(actor, "member.invite", async ({ tx, actor: now }) => {
    const { id, email } = await findInvitation(tx, now, invitationId);
    await tx.invitation.delete({ where: { id } });
    return {
      result: undefined,
      event: memberEvent("member.invitation_withdrawn", { id, email }),
      altersDecision: false,
    };
  });
}
