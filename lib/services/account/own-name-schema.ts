import { z } from "zod";
import { nameMaxLength } from "@/lib/domain/instance";
import { cleanName } from "../name-schema";
import { refuse } from "../parse";

/** The name of a person: up to 80 characters after cleaning; empty means none. */
export const ownNameSchema = z.string().transform((text, context): string | null => {
  const name = cleanName(text);
  if ([...name].length > nameMaxLength) refuse(context, "too_long", { max: nameMaxLength });
  return name || null;
});
