import { z } from "zod";
import { refuse } from "../parse";

/** Shortest password a new user may choose, in characters. */
export const passwordMinLength = 15;

/** Longest password, in characters; more would only make hashing a way to keep the server busy. */
export const passwordMaxLength = 256;

/** Length in the form that is hashed: NFC code points. */
export function passwordLength(password: string): number {
  return [...password.normalize("NFC")].length;
}

/** The length rule of a new password. Every character is allowed and counts, spaces too. */
export const newPasswordSchema = z.string().superRefine((password, context) => {
  const length = passwordLength(password);
  if (length === 0) refuse(context, "required");
  else if (length < passwordMinLength) refuse(context, "too_short", { min: passwordMinLength });
  else if (length > passwordMaxLength) refuse(context, "too_long", { max: passwordMaxLength });
});
