import type { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { Refusal, refusalStatus } from "@/lib/domain/errors";
import { jsonOf, type Reading, restAfterReading } from "@/lib/domain/live";
import type { Input, UseCase } from "@/lib/services/use-case";
import { currentActor } from "./current-actor";
import { log, logRefusal } from "./log";
import { guardHeaders } from "./origin";
import { isSecurePage } from "./urls";

/** An answer in JSON, guarded as proxy.ts guards pages: these routes do not pass there. */
function answer(request: Request, status: number, body: string): Response {
  const headers = {
    ...guardHeaders(isSecurePage(request.headers)),
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "content-type": "application/json",
  };
  return new Response(body, { status, headers });
}

const refused = (request: Request, code: keyof typeof refusalStatus) =>
  answer(request, refusalStatus[code], JSON.stringify({ error: code }));

/** Reads for a page what it goes on reading by `jsonRoute`. */
export async function readLive<S extends z.ZodType, T>(
  read: UseCase<S, T>,
  actor: Actor,
  ...input: Input<S>
): Promise<Reading<T>> {
  // Before reading: what is changed meanwhile belongs to a later one.
  const at = new Date();
  const before = process.cpuUsage();
  const data = await read(actor, ...input);
  // Of the whole process: while that has more to do, pages come less often.
  const { user, system } = process.cpuUsage(before);
  return { accountId: actor.accountId, at, restMs: restAfterReading((user + system) / 1000), data };
}

/**
 * Derives a GET route handler from a use case that reads: for the member who asks, with the query as its input.
 * Answers a `Reading` as `readingOf` reads it, or `{"error": code}`; a refusal is a line of the log. Reading is no use
 * of the session: a page that is left open does not keep it alive.
 *
 * With `account` in the query it answers `conflict` in any other account: a browser is in one at a time, and a page
 * that is open in one never shows another's.
 */
export function jsonRoute<S extends z.ZodType, T>(
  read: UseCase<S, T>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const actor = await currentActor();
    try {
      if (!actor) return refused(request, "unauthenticated");
      const { account, ...query } = Object.fromEntries(new URL(request.url).searchParams);
      if (account !== undefined && account !== actor.accountId) return refused(request, "conflict");
      const reading = await readLive(read, actor, ...([query] as unknown as Input<S>));
      return answer(request, 200, jsonOf(reading));
    } catch (error) {
      if (error instanceof Refusal) {
        logRefusal(error, request.headers, actor?.userId);
        return refused(request, error.code);
      }
      log().error({ err: error }, "reading failed");
      return answer(request, 500, '{"error":"failed"}');
    }
  };
}
