import { redirect } from "next/navigation";
import { currentActor } from "@/lib/auth/current-actor";
import { registrationState } from "@/lib/services/account/register";

/** The start page is wherever one has to go next. */
export default async function StartPage(): Promise<never> {
  if (await currentActor()) redirect("/overview");
  redirect((await registrationState()) === "first" ? "/register" : "/login");
}
