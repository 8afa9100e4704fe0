import { z } from "zod";
import { refuse } from "../parse";

/** RFC 5321 §4.5.3.1.3: a path of 256 octets, less its two angle brackets. */
const maxLength = 254;

/** Without what cannot be seen, and without the characters that mean something in a header of a mail (RFC 5322 §3.2.3, specials). */
const shape =
  /^[^\s@"<>()[\]:;,\\\p{C}\p{Default_Ignorable_Code_Point}\u2800]{1,64}@[^\s@"<>()[\]:;,\\\p{C}\p{Default_Ignorable_Code_Point}\u2800]+\.[^\s@."<>()[\]:;,\\\p{C}\p{Default_Ignorable_Code_Point}\u2800]+$/u;

/** The form in which e-mail addresses are kept and compared: NFC, lower case. */
export function normaliseEmail(text: string): string {
  return text.trim().normalize("NFC").toLowerCase().normalize("NFC");
}

/** An e-mail address for a new user, normalised. */
export const emailSchema = z.string().transform((text, context) => {
  const email = normaliseEmail(text);
  if (email === "") refuse(context, "required");
  else if (email.length > maxLength) refuse(context, "too_long", { max: maxLength });
  else if (!shape.test(email)) refuse(context, "email_invalid");
  return email;
});
