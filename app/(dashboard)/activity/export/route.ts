import { redirect } from "next/navigation";
import { getTimeZone } from "next-intl/server";
import { currentActor } from "@/lib/auth/current-actor";
import { logForeignWrite, logRefusal } from "@/lib/auth/log";
import { auditFilterIn } from "@/lib/domain/audit-filter";
import { Refusal } from "@/lib/domain/errors";
import { type AuditExport, exportAudit } from "@/lib/services/audit/export";
import { recordingRejections } from "@/lib/services/audit/recording-rejections";

export const dynamic = "force-dynamic";

const types = { jsonl: "application/jsonl; charset=utf-8", csv: "text/csv; charset=utf-8" } as const;

/** The audit trail as a download, sent while it is read. Recorded, so no page of another origin may set it off. */
export async function GET(request: Request): Promise<Response> {
  const site = request.headers.get("sec-fetch-site") ?? "none";
  if (site !== "same-origin" && site !== "none") {
    logForeignWrite("sec-fetch-site", request);
    return refused(403);
  }
  const actor = await currentActor();
  if (!actor) redirect("/login?callbackUrl=%2Factivity");
  const params = Object.fromEntries(new URL(request.url).searchParams);
  const query = {
    format: params.format ?? "",
    filter: auditFilterIn(params),
    timeZone: await getTimeZone(),
  };
  try {
    return download(await recordingRejections(actor, () => exportAudit(actor, query)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    logRefusal(error, request.headers, actor.userId);
    return refused(error.code === "invalid" ? 400 : 403);
  }
}

function refused(status: number): Response {
  return new Response(null, { status, headers: { "cache-control": "no-store" } });
}

function download({ format, pieces }: AuditExport): Response {
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
      "content-disposition": `attachment; filename="latchkey-audit.${format}"`,
      "cache-control": "no-store",
    },
  });
}
