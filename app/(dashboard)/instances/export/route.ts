import { redirect } from "next/navigation";
import { currentActor } from "@/lib/auth/current-actor";
import { logForeignWrite, logRefusal } from "@/lib/auth/log";
import { Refusal, refusalStatus } from "@/lib/domain/errors";
import { recordingRejections } from "@/lib/services/audit/recording-rejections";
import { exportInstanceSecrets, exportInstances, type InstanceExport } from "@/lib/services/import/export";

export const dynamic = "force-dynamic";

const types = { json: "application/json; charset=utf-8", csv: "text/csv; charset=utf-8" } as const;

/** The account's instances as a download, sent while they are read. Recorded, so no page of another origin may set it off. */
export async function GET(request: Request): Promise<Response> {
  const site = request.headers.get("sec-fetch-site") ?? "none";
  if (site !== "same-origin" && site !== "none") {
    logForeignWrite("sec-fetch-site", request);
    return refused("forbidden");
  }
  const actor = await currentActor();
  if (!actor) redirect("/login?callbackUrl=%2Finstances");
  const query = new URL(request.url).searchParams;
  const run = query.get("tokens") === "yes" ? exportInstanceSecrets : exportInstances;
  const input = { format: query.get("format") ?? "csv" };
  try {
    return download(await recordingRejections(actor, () => run(actor, input)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    logRefusal(error, request.headers, actor.userId);
    return refused(error.code);
  }
}

function refused(code: keyof typeof refusalStatus): Response {
  const headers = { "cache-control": "no-store" };
  return Response.json({ ok: false, code, fields: [] }, { status: refusalStatus[code], headers });
}

function download({ format, pieces }: InstanceExport): Response {
  const encoder = new TextEncoder();
  const reader = pieces[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    // Asked only when the browser has taken what came before.
    async pull(controller) {
      const { done, value } = await reader.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await reader.return?.();
    },
  });
  return new Response(body, {
    headers: {
      "content-type": types[format],
      "content-disposition": `attachment; filename="latchkey-instances.${format}"`,
      "cache-control": "no-store",
    },
  });
}
