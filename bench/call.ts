import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { instanceBase } from "@/lib/domain/instance-url";
import { formatClientToken, newInstanceId, newInstanceToken } from "@/lib/domain/token-format";
import { waitUntil } from "@/server/processes";
import type { ExpectedAnswer } from "./load/wrk";
import { BenchError } from "./options";
import type { Child } from "./processes";

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

function pathOf(call: Call): string {
  return `${instanceBase(call)}/v1/orders?limit=20`;
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

/** What the upstream answers to everything: small, so that the proxies' own work shows. */
export const upstreamBody = '{"status":"ok","orders":[{"id":1001,"total":"12.50"}]}';

const startMs = 45_000;
const right: Readonly<Record<ExpectedAnswer, { status: number; body: string }>> = {
  accepted: { status: 200, body: upstreamBody },
  rejected: { status: 403, body: '{"error":"Client-Token not allowed"}' },
};

async function ask(
  port: number,
  { path, headers }: LoadRequest,
): Promise<{ status: number; body: string } | null> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers,
      signal: AbortSignal.timeout(10_000),
    });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return null;
  }
}

/**
 * Waits until a server that was just started gives exactly the answer that it is measured by.
 *
 * @throws BenchError when it ends, or does not answer rightly in time
 */
export async function awaitRightAnswer(
  child: Child,
  port: number,
  request: LoadRequest,
  expected: ExpectedAnswer,
): Promise<void> {
  let last: Awaited<ReturnType<typeof ask>> = null;
  const isRight = async () => {
    last = await ask(port, request);
    return last?.status === right[expected].status && last.body === right[expected].body;
  };
  const answered = await waitUntil(async () => child.hasExited() || isRight(), {
    withinMs: startMs,
    everyMs: 50,
  });
  if (answered && !child.hasExited()) return;
  const seen = child.hasExited() ? "it ended" : inWords(last);
  throw new BenchError(`did not start: ${seen}\n${child.tail()}`.trim());
}

function inWords(answer: { status: number; body: string } | null): string {
  return answer === null ? "no answer" : `it answered ${answer.status} ${answer.body.slice(0, 200)}`;
}
