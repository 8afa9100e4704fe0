import { z } from "zod";
import { nameMaxLength } from "@/lib/domain/instance";
import { refuse } from "./parse";

/** Control characters, broken surrogates and bidirectional overrides, which can disguise a name. */
const disguises = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]+/gu;

/** A name as people give it: NFC, single spaces, no invisible tricks. */
export function cleanName(text: string): string {
  return text.replace(disguises, " ").normalize("NFC").replace(/\s+/gu, " ").trim();
}

/** Name of an account or instance: 1 to 80 characters after cleaning. */
export const nameSchema = z.string().transform((text, context) => {
  const name = cleanName(text);
  if (name === "") refuse(context, "required");
  else if ([...name].length > nameMaxLength) refuse(context, "too_long", { max: nameMaxLength });
  return name;
});
