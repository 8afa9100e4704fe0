import { ServerResponse } from "node:http";
import { notFound } from "../http/request-target";

/** Node.js takes their arguments in many forms; here they are only passed on. */
type Method = (this: ServerResponse, ...given: unknown[]) => unknown;
const { writeHead, write, end, flushHeaders } = ServerResponse.prototype as unknown as Record<
  "writeHead" | "write" | "end" | "flushHeaders",
  Method
>;

/** As node:http has it: for a program, and for nobody to keep. */
function answerInJson(response: ServerResponse): void {
  const body = JSON.stringify({ error: notFound.error });
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  writeHead.call(response, notFound.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  end.call(response, response.req.method === "HEAD" ? undefined : body);
}

/**
 * Has a page that says that nothing is there come as JSON. Programs call Latchkey too, with a path that they got wrong,
 * and its error is all that they show. Only Next.js knows what its pages are, so its answer is looked at when its head
 * is written.
 */
export function tellMissingPagesInJson(response: ServerResponse): void {
  let replaced = false;
  const isReplaced = (status = response.statusCode): boolean => {
    if (replaced || response.headersSent || status !== notFound.status) return replaced;
    if (!String(response.getHeader("content-type")).startsWith("text/html")) return false;
    replaced = true;
    answerInJson(response);
    return true;
  };
  Object.assign(response, {
    writeHead: (status: number, ...more: unknown[]) =>
      isReplaced(status) ? response : writeHead.call(response, status, ...more),
    flushHeaders: () => isReplaced() || flushHeaders.call(response),
    write: (...chunk: unknown[]) => isReplaced() || write.apply(response, chunk),
    end: (...last: unknown[]) => (isReplaced() ? response : end.apply(response, last)),
  });
}
