import { stringify } from "devalue";
import type { z } from "zod";
import { Refusal, refusalStatus } from "@/lib/domain/errors";
import type { Input, UseCase } from "@/lib/services/use-case";
import { currentActor } from "./current-actor";
import { log } from "./log";

const headers = { "cache-control": "no-store", "content-type": "application/json" };

const refused = (code: keyof typeof refusalStatus) =>
  new Response(JSON.stringify({ error: code }), { status: refusalStatus[code], headers });

/**
 * Derives a GET route handler from a use case that reads: for the member who asks, with the query as its input.
 * Answers what was read in the form that `devalue` parses (JSON with dates), or `{"error": code}`. Reading is no use of
 * the session: a page that is left open does not keep it alive.
 */
export function jsonRoute<S extends z.ZodType, T>(
  read: UseCase<S, T>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      const actor = await currentActor();
      if (!actor) return refused("unauthenticated");
      const query = Object.fromEntries(new URL(request.url).searchParams);
      return new Response(stringify(await read(actor, ...([query] as unknown as Input<S>))), { headers });
    } catch (error) {
      if (error instanceof Refusal) return refused(error.code);
      log().error({ err: error }, "reading failed");
      return new Response('{"error":"failed"}', { status: 500, headers });
    }
  };
}
