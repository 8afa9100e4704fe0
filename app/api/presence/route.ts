import { currentActor } from "@/lib/auth/current-actor";
import { requestOrigin } from "@/lib/auth/origin";
import { noteSessionUse } from "@/lib/services/session/session";

export const dynamic = "force-dynamic";

const answer = (status: number) => new Response(null, { status, headers: { "cache-control": "no-store" } });

/** Whether the session still counts; asking is no use of it. */
export async function GET(): Promise<Response> {
  return answer((await currentActor()) ? 204 : 401);
}

/** Someone uses a page without asking for anything: clicks, types, reads on. */
export async function POST(): Promise<Response> {
  const actor = await currentActor();
  if (!actor) return answer(401);
  await noteSessionUse(actor.sessionId, await requestOrigin());
  return answer(204);
}
