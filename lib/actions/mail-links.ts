"use server";

import { formAction, giveBack } from "@/lib/auth/action";
import { currentPerson } from "@/lib/auth/current-actor";
import { requestOrigin } from "@/lib/auth/origin";
import { changeAddress, verifyAddress } from "@/lib/services/account/email-address";
import { requestPasswordReset, resetPassword } from "@/lib/services/account/password";

/** Asks for a link to set a new password. The answer does not say whether the address is known. */
export const forgotAction = formAction(
  ["email"],
  async ({ email }) => requestPasswordReset({ email }, await requestOrigin()),
  giveBack("email"),
);

/** Sets a new password with the link that the form holds, or that was pasted into it. */
export const resetPasswordAction = formAction(
  ["link", "token", "password"],
  async ({ link, token, password }) =>
    resetPassword({ token: link || token, password }, await requestOrigin()),
);

/** Where a link was opened, and who is signed in there. */
const opener = async () => ({ ...(await requestOrigin()), ...(await currentPerson()) });

/** Confirms an address with the link that the form holds, or that was pasted into it. */
export const verifyAddressAction = formAction(["link", "token"], async ({ link, token }) =>
  verifyAddress({ token: link || token }, await opener()),
);

/** Changes an address with the link that the form holds, or that was pasted into it. */
export const changeAddressAction = formAction(["link", "token"], async ({ link, token }) =>
  changeAddress({ token: link || token }, await opener()),
);
