"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import {
  action,
  formData,
  previousOutcome,
  quietAction,
  runPersonAction,
  runPublicAction,
} from "@/lib/auth/action";
import { endBrowserSession } from "@/lib/auth/end-browser-session";
import { forgetInvitation, keepInvitation, keptInvitation } from "@/lib/auth/invitation-cookie";
import { requestOrigin } from "@/lib/auth/origin";
import { clearSessionCookie, startSessionCookie } from "@/lib/auth/session-cookie";
import type { ActionResult } from "@/lib/domain/errors";
import { acceptInvitation, joinByInvitation } from "@/lib/services/members/accept-invitation";

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

/** Takes the token out of the link that was opened or pasted, and shows what it offers. */
export const openInvitationAction = quietAction([formData], async (form) => {
  const link = text(form, "link").trim();
  await keepInvitation(link.slice(link.indexOf("#") + 1).slice(0, 200) || "none");
  revalidatePath("/invitation");
  redirect("/invitation");
});

/** Accepts as whoever is signed in. */
export const acceptInvitationAction = action([previousOutcome], async (_previous): Promise<ActionResult> => {
  const token = (await keptInvitation()) ?? "";
  const result = await runPersonAction((person) => acceptInvitation(person, { token }));
  if (!result.ok) return result;
  await forgetInvitation();
  revalidatePath("/", "layout");
  redirect("/overview");
});

/** Accepts as someone new, and signs them in. */
export const joinAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult> => {
    const token = (await keptInvitation()) ?? "";
    const values = { name: text(form, "name") };
    const result = await runPublicAction(async () => {
      const password = text(form, "password");
      const { sessionId } = await joinByInvitation({ token, ...values, password }, await requestOrigin());
      await startSessionCookie(sessionId);
    });
    if (!result.ok) return { ...result, values };
    await forgetInvitation();
    redirect("/overview");
  },
);

/** Signs out, so that the one who was invited can sign in; the invitation stays open. */
export const useOtherSignInAction = quietAction([], async () => {
  await endBrowserSession();
  await clearSessionCookie();
  redirect("/invitation");
});

/** Puts the invitation aside and goes to the dashboard. */
export const setAsideAction = quietAction([], async () => {
  await forgetInvitation();
  redirect("/overview");
});
