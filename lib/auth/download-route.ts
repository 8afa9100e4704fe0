import { redirect } from "next/navigation";
import type { Actor } from "@/lib/domain/actor";
import { Refusal, refusalStatus } from "@/lib/domain/errors";
import { recordingRejections } from "@/lib/services/audit/recording-rejections";
import { currentActor } from "./current-actor";
import { logForeignWrite, logRefusal } from "./log";
import { loginPath } from "./urls";

/** What a use case gives to be saved as a file. */
interface Download<Format extends string> {
  readonly format: Format;
  /** Read as fast as the browser takes them. */
  readonly pieces: AsyncIterable<string>;
}

const types = {
  csv: "text/csv; charset=utf-8",
  json: "application/json; charset=utf-8",
  jsonl: "application/jsonl; charset=utf-8",
} as const;

const notKept = { "cache-control": "no-store" };

interface DownloadRoute<Format extends keyof typeof types> {
  /** Where a person goes on who has to sign in first. */
  readonly page: string;
  /** The file's name, without the ending that its format gives it. */
  readonly name: string;
  /** @param query of the address; a name that is there twice has its last value */
  readonly run: (actor: Actor, query: Readonly<Record<string, string>>) => Promise<Download<Format>>;
}

/**
 * Derives a GET route handler from a use case that exports: a file, sent while it is read. Exports are recorded, so no page of
 * another origin may set one off: it gets 403 and nothing else. A refusal is what a server action answers, as JSON.
 */
export function downloadRoute<Format extends keyof typeof types>({
  page,
  name,
  run,
}: DownloadRoute<Format>): (request: Request) => Promise<Response> {
  return async (request) => {
    const site = request.headers.get("sec-fetch-site") ?? "none";
    if (site !== "same-origin" && site !== "none") {
      logForeignWrite("sec-fetch-site", request);
      return new Response(null, { status: 403, headers: notKept });
    }
    const actor = await currentActor();
    if (!actor) redirect(loginPath("/login", page));
    const query = Object.fromEntries(new URL(request.url).searchParams);
    try {
      return fileOf(name, await recordingRejections(actor, () => run(actor, query)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      logRefusal(error, request.headers, actor.userId);
      const { code, fields } = error;
      return Response.json({ ok: false, code, fields }, { status: refusalStatus[code], headers: notKept });
    }
  };
}

function fileOf(name: string, { format, pieces }: Download<keyof typeof types>): Response {
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
      ...notKept,
      "content-type": types[format],
      "content-disposition": `attachment; filename="${name}.${format}"`,
    },
  });
}
