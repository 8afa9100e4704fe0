import CredentialsProvider from "next-auth/providers/credentials";
import { Refusal } from "@/lib/domain/errors";
import { signIn } from "@/lib/services/session/sign-in";
import { log } from "./log";
import { askedOf, originOf } from "./origin";
import { tellRefusal } from "./refusal-log";

/** A header bag as next-auth hands it over. */
type HeaderBag = Readonly<Record<string, unknown>> | undefined;

function reader(bag: HeaderBag) {
  return {
    get(name: string): string | null {
      const value = bag?.[name];
      return typeof value === "string" ? value : null;
    },
  };
}

/** Sign-in by next-auth's own endpoint: the same use case as the login page's action. */
export const credentialsProvider = CredentialsProvider({
  name: "Password",
  credentials: { email: { type: "email" }, password: { type: "password" } },
  async authorize(credentials, request) {
    const { email = "", password = "" } = credentials ?? {};
    const headers = reader(request.headers);
    const origin = originOf(headers);
    try {
      const outcome = await signIn({ email, password }, origin);
      // This endpoint cannot ask for a second step, so those who have one sign in on the login page only.
      if (outcome.step !== "done") return null;
      return { id: outcome.userId, sessionId: outcome.sessionId };
    } catch (error) {
      // next-auth puts the message of what is thrown here into a URL, so only fixed words may leave.
      if (error instanceof Refusal) {
        tellRefusal(error, askedOf(headers));
        if (error.code === "limited") throw new Error("Limited");
        return null;
      }
      log().error({ err: error }, "sign-in failed");
      throw new Error("Failed");
    }
  },
});
