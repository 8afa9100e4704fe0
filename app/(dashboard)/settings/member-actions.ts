"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/auth/action";
import { dashboardOrigin } from "@/lib/auth/public-urls";
import { runAction } from "@/lib/auth/run-action";
import type { ActionResult } from "@/lib/domain/action-result";
import { changeMemberRole } from "@/lib/services/members/change-role";
import { endMemberSessions } from "@/lib/services/members/end-sessions";
import { handOutInvitation } from "@/lib/services/members/hand-out-invitation";
import { inviteMember } from "@/lib/services/members/invite";
import { leaveAccount } from "@/lib/services/members/leave";
import { removeMember } from "@/lib/services/members/remove";
import { resendInvitation } from "@/lib/services/members/resend-invitation";
import type { SentInvitation } from "@/lib/services/members/send-invitation";
import { transferOwnership } from "@/lib/services/members/transfer-ownership";
import { withdrawInvitation } from "@/lib/services/members/withdraw-invitation";

/** The page shows who is a member now: after a change, and after an answer that says it was stale. */
function refreshed<T>(result: ActionResult<T>): ActionResult<T> {
  if (result.ok || result.code !== "proof_required") revalidatePath("/settings");
  return result;
}

/** The link goes to the browser in this answer only. */
async function asLink({ email, path }: SentInvitation) {
  return { email, link: path && (await dashboardOrigin()) + path };
}

export const inviteMemberAction = action(
  [z.object({ email: z.string(), role: z.string() })],
  async (input) => {
    return refreshed(await runAction(async (actor) => asLink(await inviteMember(actor, input))));
  },
);

export const resendInvitationAction = action([z.object({ invitationId: z.string() })], async (input) => {
  return refreshed(await runAction(async (actor) => asLink(await resendInvitation(actor, input))));
});

export const handOutInvitationAction = action([z.object({ invitationId: z.string() })], async (input) => {
  return refreshed(await runAction(async (actor) => asLink(await handOutInvitation(actor, input))));
});

export const withdrawInvitationAction = action([z.object({ invitationId: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => withdrawInvitation(actor, input)));
});

export const changeMemberRoleAction = action(
  [z.object({ userId: z.string(), role: z.string() })],
  async (input) => {
    return refreshed(await runAction((actor) => changeMemberRole(actor, input)));
  },
);

export const removeMemberAction = action([z.object({ userId: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => removeMember(actor, input)));
});

export const endMemberSessionsAction = action([z.object({ userId: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => endMemberSessions(actor, input)));
});

export const transferOwnershipAction = action([z.object({ userId: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => transferOwnership(actor, input)));
});

/** Nothing is refreshed: the page that is open belongs to the account that was left. */
export const leaveAccountAction = action([], async (): Promise<ActionResult<void>> => {
  return runAction(leaveAccount);
});
