"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, runAction } from "@/lib/auth/action";
import { dashboardOrigin } from "@/lib/auth/urls";
import type { ActionResult } from "@/lib/domain/errors";
import {
  handOutInvitation,
  inviteMember,
  resendInvitation,
  type SentInvitation,
  withdrawInvitation,
} from "@/lib/services/members/invite";
import {
  changeMemberRole,
  endMemberSessions,
  leaveAccount,
  removeMember,
  transferOwnership,
} from "@/lib/services/members/members";

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
