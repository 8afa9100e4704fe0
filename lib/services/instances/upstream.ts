import { Agent } from "undici";
import { z } from "zod";
import { config } from "@/lib/config";
import { boxContext, type HeaderOwner, seal, unseal } from "@/lib/crypto/sealed-box";
import { type AnswerStyle, answerStyles } from "@/lib/domain/answer-style";
import { type FieldError, invalidField, Refusal } from "@/lib/domain/errors";
import { type HeaderPair, isReservedField, mergedName, tokenPattern } from "@/lib/domain/forwarded-headers";
import { firstByteLimits, type UpstreamHeader, upstreamHeadersMax } from "@/lib/domain/instance";
import { parseUpstreamUrl, upstreamUrlMaxLength } from "@/lib/domain/upstream-url";
import { upstreamConnector } from "@/lib/net/safe-connect";
import { refuse } from "../parse";
import { changeUseCase } from "../use-case";
import { findInstance, instanceEvent } from "./find";

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

const headerNameMaxLength = 100;

const headerNameSchema = z.string().transform((text, context) => {
  const name = text.trim();
  if (name === "") refuse(context, "required");
  else if (name.length > headerNameMaxLength || !tokenPattern.test(name)) refuse(context, "header_name");
  else if (isReservedField(mergedName(name.toLowerCase()))) refuse(context, "header_reserved", { name });
  return name;
});

/** RFC 9110 §5.5, US-ASCII only: bytes above that mean different things to different servers. CR, LF and NUL never. */
const headerValuePattern = /^[\t\x20-\x7e]+$/;

/** Longest value, in characters. */
const headerValueMaxLength = 4096;

/** null keeps the stored value. */
const headerValueSchema = z
  .string()
  .transform((text, context) => {
    const value = text.replace(/^[\t ]+|[\t ]+$/g, "");
    if (value === "") refuse(context, "required");
    else if (value.length > headerValueMaxLength) refuse(context, "too_long", { max: headerValueMaxLength });
    else if (!headerValuePattern.test(value)) refuse(context, "header_value");
    return value;
  })
  .nullable();

/** The upstream headers of an instance as an owner gives them: at most 20, each name once, twins included. */
export const headersSchema = z
  .array(z.object({ name: headerNameSchema, value: headerValueSchema }))
  .superRefine((headers, context) => {
    if (headers.length > upstreamHeadersMax) refuse(context, "headers_too_many", { max: upstreamHeadersMax });
    const seen = new Set<string>();
    headers.forEach(({ name }, index) => {
      const merged = mergedName(name.toLowerCase());
      if (seen.has(merged)) refuse(context, "header_duplicate", { name }, [index, "name"]);
      seen.add(merged);
    });
  });

/** One request header that is added before forwarding: name and value. */
const storedHeaders = z.array(z.tuple([z.string(), z.string()]));

/** Seals upstream headers; null when there are none. */
export function sealHeaders(owner: HeaderOwner, headers: readonly HeaderPair[]): string | null {
  return headers.length === 0 ? null : seal(JSON.stringify(headers), boxContext.headers(owner));
}

/** Opens what `sealHeaders` made. */
export function openHeaders(owner: HeaderOwner, sealed: string | null): HeaderPair[] {
  return sealed === null ? [] : storedHeaders.parse(JSON.parse(unseal(sealed, boxContext.headers(owner))));
}

/**
 * Fills in the stored values that the owner keeps (null). A value stays with the origin it was given for:
 * otherwise someone who may not see it could have it sent to a server of their own.
 *
 * @param stored headers that may be kept; none when the upstream's origin changes
 * @throws Refusal `invalid` (headers.N.value: required) where there is nothing to keep
 */
export function keepHeaders(given: readonly UpstreamHeader[], stored: readonly HeaderPair[]): HeaderPair[] {
  const values = new Map(stored.map(([name, value]) => [name.toLowerCase(), value]));
  const missing: FieldError[] = [];
  const kept = given.map(({ name, value }, index): HeaderPair => {
    const known = value ?? values.get(name.toLowerCase());
    if (known === undefined) missing.push({ field: `headers.${index}.value`, code: "required" });
    return [name, known ?? ""];
  });
  if (missing.length > 0) throw new Refusal("invalid", { fields: missing });
  return kept;
}

/** Seconds as typed; empty text means the server's default (null). */
export const firstByteSchema = z.string().transform((text, context): number | null => {
  if (text.trim() === "") return null;
  const seconds = /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : Number.NaN;
  const inRange = seconds >= firstByteLimits.min && seconds <= firstByteLimits.max;
  if (!inRange) refuse(context, "seconds_invalid", firstByteLimits);
  return seconds;
});

/** In which words callers are rejected. */
export const answerStyleSchema = z.string().transform((text, context): AnswerStyle => {
  const style = answerStyles.find((each) => each === text);
  if (style === undefined) refuse(context, "choice_invalid");
  return style ?? "documented";
});

/** Where values that were given for a URL may go; null for the built-in echo. */
export const originOf = (url: string | null): string | null => (url === null ? null : new URL(url).origin);

/**
 * Changes where an instance's requests go, and what is added to them. `headers` are all there shall be; a null value
 * keeps the stored one, as long as the upstream's origin stays. `firstByteSeconds` is how long the upstream may take to
 * begin its answer, `answerStyle` in which words the instance rejects while it stands alone; without one it stays.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (upstreamUrl, headers,
 *   headers.N.name, headers.N.value, firstByteSeconds, answerStyle)
 */
export const changeUpstream = changeUseCase({
  permission: "instance.upstream",
  altersDecision: true,
  input: z.object({
    instanceId: z.string(),
    upstreamUrl: upstreamUrlSchema,
    headers: headersSchema,
    firstByteSeconds: firstByteSchema,
    answerStyle: answerStyleSchema.optional(),
  }),
  run: async ({ tx, account }, { instanceId, upstreamUrl, headers, firstByteSeconds, answerStyle }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    // Its service's key would go wherever it leads.
    if (instance.serviceId !== null && upstreamUrl !== null) throw invalidField("upstreamUrl", "by_service");
    const sameOrigin = originOf(instance.upstreamUrl) === originOf(upstreamUrl);
    const kept = keepHeaders(
      headers,
      sameOrigin ? openHeaders(`instance:${instance.id}`, instance.headersSealed) : [],
    );
    await tx.instance.update({
      where: { id: instance.id, accountId: account.id },
      data: {
        upstreamUrl,
        firstByteSeconds,
        headersSealed: sealHeaders(`instance:${instance.id}`, kept),
        ...(answerStyle !== undefined && { answerStyle }),
      },
    });
    const event = instanceEvent("instance.upstream_changed", instance, {
      from: upstreamLabel(instance.upstreamUrl),
      to: upstreamLabel(upstreamUrl),
      headers: kept.length,
      ...(firstByteSeconds !== null && { firstByteSeconds }),
    });
    return { result: undefined, event };
  },
});

/** For a call of this server's own to an upstream: to addresses that upstreams may have. Whoever asks for it destroys it. */
export function upstreamAgent(timeoutMs: number): Agent {
  const { allowPrivateUpstreams: allowPrivate } = config();
  const connect = upstreamConnector({ allowPrivate, timeoutMs });
  return new Agent({ connect, allowH2: false, maxHeaderSize: 64 * 1024 });
}
