import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { formatClientToken, newInstanceId, newInstanceToken } from "@/lib/domain/token-format";

/** Both credentials of a request to an instance. */
export interface Call {
  readonly instanceId: string;
  readonly instanceToken: string;
  readonly clientToken: string;
}

/** A GET request as a load generator sends it. */
export interface LoadRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Credentials that nobody has used before. */
export function newCall(clientToken = newClientToken()): Call {
  return {
    instanceId: newInstanceId(randomBytes),
    instanceToken: newInstanceToken(randomBytes),
    clientToken,
  };
}

/** A well-formed account security token. */
export function newClientToken(): string {
  return formatClientToken(randomBytes(32));
}

function pathOf({ instanceId, instanceToken }: Call): string {
  return `/instances/${instanceId}/token/${instanceToken}/v1/orders?limit=20`;
}

/** The request of a call. */
export function requestOf(call: Call): LoadRequest {
  return { path: pathOf(call), headers: { "Client-Token": call.clientToken } };
}

/** The request of a call as it is on the wire (RFC 9112 §2.1). */
export function callBytes(call: Call): string {
  return `GET ${pathOf(call)} HTTP/1.1\r\nHost: 127.0.0.1\r\nClient-Token: ${call.clientToken}\r\n\r\n`;
}

/** Writes calls for load/cycle.lua and the sweep: path, tab, client token. */
export function writeCalls(file: string, calls: readonly Call[]): void {
  const lines = calls.map((call) => `${pathOf(call)}\t${call.clientToken}\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
}
