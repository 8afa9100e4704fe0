import type { Readable } from "node:stream";
import type { RequestPath } from "@/lib/domain/instance-url";
import { type HeaderList, sharedOriginHeaders } from "../headers";
import type { GateRequest, WholeResponse } from "../messages";

/** Reads a body to its end, holding no more than one chunk of it. */
async function countBytes(body: Readable | null): Promise<number> {
  let bytes = 0;
  if (body) for await (const chunk of body) bytes += (chunk as Uint8Array).byteLength;
  return bytes;
}

/** Repeated lines as one list, so that none is lost. */
function asRecord(lines: HeaderList): Record<string, string | string[]> {
  const record = new Map<string, string | string[]>();
  for (let at = 0; at < lines.length; at += 2) {
    const name = lines[at] ?? "";
    const value = lines[at + 1] ?? "";
    const held = record.get(name);
    record.set(name, held === undefined ? value : [held, value].flat());
  }
  return Object.fromEntries(record);
}

/**
 * The built-in upstream: answers with what an upstream would have received.
 *
 * @param headers as they would be forwarded, so never the account security token
 */
export async function echo(
  request: GateRequest,
  path: RequestPath,
  headers: HeaderList,
  ownOrigin: boolean,
): Promise<WholeResponse> {
  const bodyBytes = await countBytes(request.body);
  const body = JSON.stringify({
    instanceId: path.instanceId,
    method: request.method,
    path: path.rest === "" ? "/" : path.rest,
    query: path.query.slice(1),
    headers: asRecord(headers),
    bodyBytes,
  });
  const length = String(Buffer.byteLength(body));
  const lines = ["content-type", "application/json", "content-length", length, "cache-control", "no-store"];
  lines.push("x-request-id", request.id);
  if (!ownOrigin) lines.push(...sharedOriginHeaders);
  return {
    status: 200,
    statusText: "",
    headers: lines,
    body: request.method === "HEAD" ? null : body,
  };
}
