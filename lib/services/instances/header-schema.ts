import { z } from "zod";
import { mergedName } from "@/lib/domain/forwarded-headers";
import { upstreamHeadersMax } from "@/lib/domain/instance";
import { refuse } from "../parse";
import { headerValueMaxLength, isHeaderName, isHeaderValue, isReservedHeader } from "./header-rules";

const nameSchema = z.string().transform((text, context) => {
  const name = text.trim();
  if (name === "") refuse(context, "required");
  else if (!isHeaderName(name)) refuse(context, "header_name");
  else if (isReservedHeader(name)) refuse(context, "header_reserved", { name });
  return name;
});

const valueSchema = z
  .string()
  .transform((text, context) => {
    const value = text.replace(/^[\t ]+|[\t ]+$/g, "");
    if (value === "") refuse(context, "required");
    else if (value.length > headerValueMaxLength) refuse(context, "too_long", { max: headerValueMaxLength });
    else if (!isHeaderValue(value)) refuse(context, "header_value");
    return value;
  })
  .nullable();

/** The upstream headers of an instance as an owner gives them: at most 20, each name once, twins included. */
export const headersSchema = z
  .array(z.object({ name: nameSchema, value: valueSchema }))
  .superRefine((headers, context) => {
    if (headers.length > upstreamHeadersMax) refuse(context, "headers_too_many", { max: upstreamHeadersMax });
    const seen = new Set<string>();
    headers.forEach(({ name }, index) => {
      const merged = mergedName(name.toLowerCase());
      if (seen.has(merged)) refuse(context, "header_duplicate", { name }, [index, "name"]);
      seen.add(merged);
    });
  });
