import { randomUUID } from "node:crypto";
import { config } from "@/lib/config";
import { safeHost } from "@/lib/domain/forwarded-headers";
import { client } from "./client-address";
import { rawUrlHeader, readHopHeader } from "./hop-header";
import type { GateRequest } from "./messages";
import { readableFromWeb } from "./web-body";

function first(value: string | null): string | undefined {
  return value?.split(",")[0]?.trim();
}

/** The target as sent where the process in front vouches for it, else as Next.js normalised it. */
function targetOf(request: Request): string {
  const raw = readHopHeader(request.headers.get(rawUrlHeader));
  if (raw !== null) return raw;
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}

function protocolOf(headers: Headers): "http" | "https" {
  const pinned = config().gateUrl ?? config().url;
  if (pinned) return pinned.startsWith("https:") ? "https" : "http";
  return first(headers.get("x-forwarded-proto")) === "https" ? "https" : "http";
}

/** Whether the client announced a body (RFC 9112 §6.3). */
function announcesBody(headers: Headers): boolean {
  return headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) > 0;
}

/** Reads a web request as the gate knows requests. A web request cannot carry the body of a GET or HEAD. */
export function fromWebRequest(request: Request): GateRequest {
  const { headers, method, signal } = request;
  const { address, viaTrustedProxy } = client(headers);
  const announced = announcesBody(headers);
  return {
    id: randomUUID(),
    method,
    target: targetOf(request),
    headers: [...headers],
    body: announced && request.body ? readableFromWeb(request.body) : null,
    bodyOutOfReach: announced && request.body === null,
    signal,
    clientAddress: address,
    host: safeHost(
      (viaTrustedProxy ? first(headers.get("x-forwarded-host")) : undefined) ?? headers.get("host"),
    ),
    protocol: protocolOf(headers),
  };
}
