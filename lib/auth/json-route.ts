import type { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { Refusal, refusalStatus } from "@/lib/domain/errors";
import { jsonOf, type Reading, restAfterReading } from "@/lib/domain/live";
import type { Input, UseCase } from "@/lib/services/use-case";
import { currentActor } from "./current-actor";
import { log, logRefusal } from "./log";

const headers = { "cache-control": "no-store", "content-type": "application/json" };

const refused = (code: keyof typeof refusalStatus) =>
  new Response(JSON.stringify({ error: code }), { status: refusalStatus[code], headers });

/** Reads for a page what it goes on reading by `jsonRoute`. */
export async function readLive<S extends z.ZodType, T>(
  read: UseCase<S, T>,
  actor: Actor,
  ...input: Input<S>
): Promise<Reading<T>> {
  // Before reading: what is changed meanwhile belongs to a later one.
  const at = new Date();
  const began = performance.now();
  const data = await read(actor, ...input);
  return { accountId: actor.accountId, at, restMs: restAfterReading(performance.now() - began), data };
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
      if (!actor) return refused("unauthenticated");
      const { account, ...query } = Object.fromEntries(new URL(request.url).searchParams);
      if (account !== undefined && account !== actor.accountId) return refused("conflict");
      const reading = await readLive(read, actor, ...([query] as unknown as Input<S>));
      return new Response(jsonOf(reading), { headers });
    } catch (error) {
      if (error instanceof Refusal) {
        logRefusal(error, request.headers, actor?.userId);
        return refused(error.code);
      }
      log().error({ err: error }, "reading failed");
      return new Response('{"error":"failed"}', { status: 500, headers });
    }
  };
}
