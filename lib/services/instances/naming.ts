import { z } from "zod";
import { credentialMaxLength, isCredential, isLabel, labelMaxLength } from "@/lib/domain/service";
import { refuse } from "../parse";

/** The name of an instance within its service, exactly as its callers write it; empty text means none (null). */
export const labelSchema = z.string().transform((text, context): string | null => {
  if (text === "") return null;
  if (!isLabel(text)) refuse(context, "label_invalid", { max: labelMaxLength });
  return text;
});

/** A credential that callers have already; empty text means that one is made (null). */
export const credentialSchema = z.string().transform((text, context): string | null => {
  if (text === "") return null;
  if (!isCredential(text)) refuse(context, "credential_invalid", { max: credentialMaxLength });
  return text;
});
