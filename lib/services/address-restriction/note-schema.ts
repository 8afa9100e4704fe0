import { z } from "zod";
import { noteMaxLength } from "@/lib/domain/address-rule";
import { cleanName } from "../name-schema";
import { refuse } from "../parse";

/** What an entry is for, in the person's own words; may be empty. */
export const noteSchema = z.string().transform((text, context) => {
  const note = cleanName(text);
  if ([...note].length > noteMaxLength) refuse(context, "too_long", { max: noteMaxLength });
  return note;
});
