import { configuredGate } from "@/lib/gate/configured-gate";
import { fromWebRequest, serve, toWebResponse } from "@/lib/gate/doors/next";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** The door for instance traffic: reads the request from its raw form, never from Next.js's parameters. */
async function door(request: Request): Promise<Response> {
  return toWebResponse(await serve(fromWebRequest(request), configuredGate(), request.signal));
}

export {
  door as DELETE,
  door as GET,
  door as HEAD,
  door as OPTIONS,
  door as PATCH,
  door as POST,
  door as PUT,
};
