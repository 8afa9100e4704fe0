"use server";

import { redirect } from "next/navigation";
import { currentActor, currentPerson } from "@/lib/auth/current-actor";
import { runAction } from "@/lib/auth/run-action";
import { clearSessionCookie } from "@/lib/auth/session-cookie";
import type { ActionResult } from "@/lib/domain/action-result";
import { endOwnSession } from "@/lib/services/session/end-own";
import { prove } from "@/lib/services/session/prove";
import { signOut } from "@/lib/services/session/sign-out";

/** Checks the password again, so that what can hurt may be done for some minutes. */
export async function proveAction(input: { readonly password: string }): Promise<ActionResult<void>> {
  return runAction((actor) => prove(actor, { password: input.password }));
}

/** Ends the session and goes to the login page, also when the session is over already. */
export async function signOutAction(): Promise<void> {
  const actor = await currentActor();
  const person = await currentPerson();
  if (actor) await signOut(actor);
  else if (person) await endOwnSession(person);
  await clearSessionCookie();
  redirect("/login");
}
