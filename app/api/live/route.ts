import { currentActor } from "@/lib/auth/current-actor";
import { logRefusal } from "@/lib/auth/log";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { followAccount } from "@/lib/services/live/follow-account";

export const dynamic = "force-dynamic";

/** Shorter than the idle time of common proxies; pages take a connection without it for dead. */
const beatEveryMs = 15_000;

const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  // no-transform: compression would hold events back.
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};

function refused(status: number): Response {
  return new Response(null, { status, headers: { "cache-control": "no-store" } });
}

/** Server-sent events: tells the pages of one account that there is something new, without saying what. */
export async function GET(request: Request): Promise<Response> {
  const actor = await currentActor();
  if (!actor) return refused(401);
  try {
    return new Response(eventsOf(actor, request.signal), { headers });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    logRefusal(error, request.headers, actor.userId);
    return refused(error.code === "limited" ? 503 : 403);
  }
}

/** @throws Refusal as `followAccount` does */
function eventsOf(actor: Actor, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let leave = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => {
        // A reader that takes nothing any more needs no second ping: one is waiting for it.
        if ((controller.desiredSize ?? 0) > -8) controller.enqueue(encoder.encode(text));
      };
      const stop = followAccount(actor, {
        event: (event) => send(`event: ${event}\ndata: ${event}\n\n`),
        end: () => {
          leave();
          controller.close();
        },
      });
      const beat = setInterval(() => send("event: beat\ndata: beat\n\n"), beatEveryMs);
      beat.unref();
      leave = () => {
        clearInterval(beat);
        stop();
      };
      signal.addEventListener("abort", () => leave());
      send("retry: 2000\n\n");
    },
    cancel: () => leave(),
  });
}
