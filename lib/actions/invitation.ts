"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { asPerson, formAction, formData, giveBack, quietAction } from "@/lib/auth/action";
import { deleteOwnCookie, keepInvitation, keptInvitation } from "@/lib/auth/cookies";
import { requestOrigin } from "@/lib/auth/origin";
import { signOutBrowser, startSessionCookie } from "@/lib/auth/session-cookie";
import { acceptInvitation, joinByInvitation } from "@/lib/services/members/accept-invitation";

/** Takes the token out of the link that was opened or pasted, and shows what it offers. */
export const openInvitationAction = quietAction([formData], async (form) => {
  const given = form.get("link");
  const link = typeof given === "string" ? given.trim() : "";
  await keepInvitation(link.slice(link.indexOf("#") + 1).slice(0, 200) || "none");
  revalidatePath("/invitation");
  redirect("/invitation");
});

/** Accepts as whoever is signed in. */
export const acceptInvitationAction = formAction([], async () => {
  const token = (await keptInvitation()) ?? "";
  await asPerson((person) => acceptInvitation(person, { token }));
  await deleteOwnCookie("invitation");
  revalidatePath("/", "layout");
  redirect("/overview");
});

/** Accepts as someone new, and signs them in. */
export const joinAction = formAction(
  ["name", "password"],
  async (values) => {
    const token = (await keptInvitation()) ?? "";
    const { sessionId } = await joinByInvitation({ token, ...values }, await requestOrigin());
    await startSessionCookie(sessionId);
    await deleteOwnCookie("invitation");
    redirect("/overview");
  },
  giveBack("name"),
);

/** Signs out, so that the one who was invited can sign in; the invitation stays open. */
export const otherSignInAction = quietAction([], async () => {
  await signOutBrowser();
  redirect("/invitation");
});

/** Puts the invitation aside and goes to the dashboard. */
export const setAsideAction = quietAction([], async () => {
  await deleteOwnCookie("invitation");
  redirect("/overview");
});
