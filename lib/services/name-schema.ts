import { z } from "zod";
import { nameMaxLength } from "@/lib/domain/instance";
import { seenText } from "@/lib/domain/seen-text";
import { refuse } from "./parse";

/** Longest text that is looked for, in characters. */
const searchMaxLength = 200;

/** A text in a person's own words, as it is seen: at most `max` characters; may be empty. */
export function freeText(max: number) {
  return z.string().transform((raw, context) => {
    // No text that fits is as long: cleaning takes time for each character.
    const text = raw.length > 64 * max ? raw : seenText(raw);
    if ([...text].length > max) refuse(context, "too_long", { max });
    return text;
  });
}

/** A name that may be left out: up to 80 characters as they are seen; empty means none. */
export const optionalNameSchema = freeText(nameMaxLength).transform((name) => name || null);

/** Name of an account, instance or passkey: 1 to 80 characters as they are seen. */
export const nameSchema = freeText(nameMaxLength).transform((name, context) => {
  if (name === "") refuse(context, "required");
  return name;
});

/** What is looked for, from the address bar: what makes no sense there means everything. */
export const searchSchema = z.string().max(searchMaxLength).transform(seenText).catch("");

/** A name typed to confirm; `isTypedName` compares it. */
export const typedNameSchema = freeText(nameMaxLength).optional().default("");
