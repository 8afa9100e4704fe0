"use server";

import { actionOf } from "@/lib/auth/action";
import {
  handOutInvitation,
  inviteMember,
  resendInvitation,
  withdrawInvitation,
} from "@/lib/services/members/invite";
import {
  changeMemberRole,
  endMemberSessions,
  leaveAccount,
  removeMember,
  transferOwnership,
} from "@/lib/services/members/members";

const page = "/settings";

// An invitation's link goes to the browser in its answer only: no page that is drawn beside it has it.
export const inviteMemberAction = actionOf(inviteMember, page);
export const resendInvitationAction = actionOf(resendInvitation, page);
export const handOutInvitationAction = actionOf(handOutInvitation, page);
export const withdrawInvitationAction = actionOf(withdrawInvitation, page);

export const changeMemberRoleAction = actionOf(changeMemberRole, page);
export const endMemberSessionsAction = actionOf(endMemberSessions, page);
export const removeMemberAction = actionOf(removeMember, page);
export const transferOwnershipAction = actionOf(transferOwnership, page);

// Nothing is drawn: the page that is open belongs to the account that was left.
export const leaveAccountAction = actionOf(leaveAccount);
