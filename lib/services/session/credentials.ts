import { z } from "zod";
import { normaliseEmail } from "../account/email-address";
import { passwordLength, passwordMaxLength } from "../account/password-strength";
import { refuse } from "../parse";

/** What was typed at sign-in. Only emptiness is an error of the field; all else is one answer. */
export const credentialsSchema = z.object({
  email: z.string().transform((text, context) => {
    if (text.trim() === "") refuse(context, "required");
    return normaliseEmail(text);
  }),
  password: z.string().superRefine((text, context) => {
    if (text === "") refuse(context, "required");
  }),
});

/** False for what no stored password can be, so that nobody keeps the server busy with hashing it. */
export function couldBePassword(password: string): boolean {
  return password.length <= passwordMaxLength * 4 && passwordLength(password) <= passwordMaxLength;
}
