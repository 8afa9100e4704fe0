import { randomUUID } from "node:crypto";
import { config } from "@/lib/config";
import { client, rawUrlHeader, readHopHeader } from "../net/client-address";
import type { GateRequest } from "./messages";
import { readableFromWeb } from "./web-body";

/** The target as sent where the process in front vouches for it, else as Next.js normalised it. */
function targetOf(request: Request): string {
  const raw = readHopHeader(request.headers.get(rawUrlHeader));
  if (raw !== null) return raw;
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}

/** The scheme that the configuration fixes; null when each request tells. */
function pinnedProtocol(): "http" | "https" | null {
  const pinned = config().gateUrl ?? config().url;
  if (!pinned) return null;
  return pinned.startsWith("https:") ? "https" : "http";
}

/** Whether the client announced a body (RFC 9112 §6.3). */
function announcesBody(headers: Headers): boolean {
  return headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) > 0;
}

/** Reads a web request as the gate knows requests. A web request cannot carry the body of a GET or HEAD. */
export function fromWebRequest(request: Request): GateRequest {
  const { headers, method, signal } = request;
  const { address, host, protocol } = client(headers);
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
    host,
    protocol: pinnedProtocol() ?? protocol,
  };
}
