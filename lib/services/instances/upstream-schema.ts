import { z } from "zod";
import { config } from "@/lib/config";
import { parseUpstreamUrl, upstreamUrlMaxLength } from "@/lib/domain/upstream-url";
import { refuse } from "../parse";

/** An upstream URL, normalised; empty text means the built-in echo (null). */
export const upstreamUrlSchema = z.string().transform((text, context): string | null => {
  if (text.trim() === "") return null;
  const parsed = parseUpstreamUrl(text, { allowPrivate: config().allowPrivateUpstreams });
  if (parsed.ok) return parsed.url;
  refuse(context, parsed.code, parsed.code === "too_long" ? { max: upstreamUrlMaxLength } : undefined);
  return null;
});

/** What the audit trail says of an upstream: its host, because a path can hold a secret. */
export function upstreamLabel(url: string | null): string {
  return url === null ? "echo" : new URL(url).host;
}
