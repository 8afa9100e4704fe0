import type { Actor } from "@/lib/domain/actor";
import { type ActionResult, Refusal } from "@/lib/domain/errors";
import { recordingRejections } from "@/lib/services/audit/recording-rejections";
import { currentActor } from "./current-actor";
import { log, logForeignWrite, logRefusal } from "./log";
import { foreignCheck, guardHeaders } from "./origin";
import { isSecurePage } from "./urls";

/** What a person sends that is too long for a server action, with what the address says. */
interface StreamedInput {
  readonly query: Readonly<Record<string, string>>;
  /** Absent when nothing was sent. */
  readonly body?: AsyncIterable<Uint8Array>;
  readonly onProgress: (share: number) => void;
}

/** Whoever asked has gone away: what has not been done by then is not done. */
class AskerGone extends Error {
  override name = "AskerGone";
}

/** No more lines about progress than so many. */
const progressSteps = 100;

/**
 * Derives a POST route handler from a use case that takes long: for the member who asks, in the account that their page is open
 * in. Answers lines of JSON as they come: `{"progress": 0.4}` any number of times, then one `{"result": …}` with what a server
 * action would answer. Who goes away stops it: the next step that is told of ends it, and a transaction with it. It is guarded as
 * proxy.ts guards pages, which it does not pass: there, bodies are cut off.
 */
export function streamedRoute<T>(
  run: (actor: Actor, input: StreamedInput) => Promise<T>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const headers = {
      ...guardHeaders(isSecurePage(request.headers)),
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      // no-transform: compression would hold progress back.
      "cache-control": "no-store, no-transform",
      "content-type": "application/jsonl; charset=utf-8",
      "x-accel-buffering": "no",
    };
    const foreign = foreignCheck(request);
    if (foreign) {
      logForeignWrite(foreign, request);
      return Response.json({ error: "Sent from another site" }, { status: 403, headers });
    }
    const actor = await currentActor();
    const encoder = new TextEncoder();
    let left = () => {};
    const answer = new ReadableStream<Uint8Array>({
      async start(controller) {
        let open = true;
        left = () => {
          open = false;
        };
        const send = (line: object) => {
          if (open) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
        };
        let told = 0;
        const onProgress = (share: number) => {
          if (!open) throw new AskerGone();
          const step = Math.floor(share * progressSteps);
          if (step > told) send({ progress: share });
          told = Math.max(told, step);
        };
        const upload = request.body && new Upload(request.body);
        send({ result: await resultOf(request, upload, actor, run, onProgress) });
        // Otherwise the next request on this connection would wait behind it.
        await upload?.drain();
        if (open) controller.close();
      },
      cancel: () => left(),
    });
    return new Response(answer, { headers });
  };
}

/** No more than this is read of what nobody wants; a sender of more loses the connection. */
const mostDrained = 100 * 1024 * 1024;

/** A body that may be left in the middle, and read to its end afterwards. */
class Upload {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      yield value;
    }
  }

  async drain(): Promise<void> {
    let bytes = 0;
    try {
      for await (const piece of this.pieces()) {
        bytes += piece.byteLength;
        if (bytes > mostDrained) return await this.#reader.cancel();
      }
    } catch {
      // Who sent it is gone.
    }
  }
}

async function resultOf<T>(
  request: Request,
  upload: Upload | null,
  actor: Actor | null,
  run: (actor: Actor, input: StreamedInput) => Promise<T>,
  onProgress: (share: number) => void,
): Promise<ActionResult<T>> {
  try {
    if (!actor) throw new Refusal("unauthenticated");
    const { account, ...query } = Object.fromEntries(new URL(request.url).searchParams);
    if (account !== actor.accountId) throw new Refusal("conflict");
    const input = { query, onProgress, ...(upload && { body: upload.pieces() }) };
    return { ok: true, data: await recordingRejections(actor, () => run(actor, input)) };
  } catch (error) {
    if (!(error instanceof Refusal)) {
      if (!(error instanceof AskerGone)) log().error({ err: error }, "a long change failed");
      return { ok: false, code: "failed", fields: [] };
    }
    logRefusal(error, request.headers, actor?.userId);
    const { code, fields, retryAfter } = error;
    return { ok: false, code, fields, ...(retryAfter !== undefined && { retryAfter }) };
  }
}
