import { endOwnSession, signOut } from "@/lib/services/session/end-sessions";
import { currentActor, currentPerson } from "./current-actor";

/** Ends the session that this browser has, also one that is in no account; none is as good. */
export async function endBrowserSession(): Promise<void> {
  const actor = await currentActor();
  const person = await currentPerson();
  if (actor) await signOut(actor);
  else if (person) await endOwnSession(person);
}
