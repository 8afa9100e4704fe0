import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { instanceBase } from "@/lib/domain/instance-url";
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

/** A well-formed account security token. */
export const newClientToken = () => formatClientToken(randomBytes(32));

/** Credentials that nobody has used before. */
export function newCall(clientToken = newClientToken()): Call {
  return {
    instanceId: newInstanceId(randomBytes),
    instanceToken: newInstanceToken(randomBytes),
    clientToken,
  };
}

const pathOf = (call: Call) => `${instanceBase(call)}/v1/orders?limit=20`;

/** The request of a call. */
export function requestOf(call: Call): LoadRequest {
  return { path: pathOf(call), headers: { "Client-Token": call.clientToken } };
}

/** A request as it is on the wire (RFC 9112 §2.1), with the address as its host unless it names another. */
export function requestBytes({ path, headers }: LoadRequest): string {
  const lines = Object.entries({ Host: "127.0.0.1", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** The request of a call as it is on the wire. */
export const callBytes = (call: Call): string => requestBytes(requestOf(call));

/** Writes calls for load/requests.lua: path, tab, client token. */
export function writeCalls(file: string, calls: readonly Call[]): void {
  writePaths(
    file,
    calls.map((call) => [pathOf(call), call.clientToken]),
  );
}

/** The same for paths that name their instance in another way. */
export function writePaths(
  file: string,
  calls: readonly (readonly [path: string, clientToken: string])[],
): void {
  writeFileSync(file, calls.map(([path, token]) => `${path}\t${token}\n`).join(""), { mode: 0o600 });
}

/** What the upstream answers to everything: small, so that the proxies' own work shows. */
export const upstreamBody = '{"status":"ok","orders":[{"id":1001,"total":"12.50"}]}';
