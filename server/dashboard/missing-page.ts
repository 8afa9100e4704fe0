import { ServerResponse } from "node:http";
import { notFound } from "../http/request-target";

/** Node.js takes their arguments in many forms; here they are only passed on. */
type Method = (this: ServerResponse, ...given: unknown[]) => unknown;
const { writeHead, write, end, flushHeaders } = ServerResponse.prototype as unknown as Record<
  "writeHead" | "write" | "end" | "flushHeaders",
  Method
>;

const signInPath = "/login";

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

/** Whether an answer tells somebody to sign in first. The start page leads there too, and is there for everybody. */
function asksToSignIn({ req }: ServerResponse, status: number, location: unknown): boolean {
  const isRead = req.method === "GET" || req.method === "HEAD";
  // Open pages of ours ask like programs, and follow.
  if (status < 300 || status > 399 || !isRead || req.headers.rsc !== undefined) return false;
  if (req.url?.split("?", 1)[0] === "/" || !URL.canParse(String(location), "http://any.host")) return false;
  const { pathname, searchParams } = new URL(String(location), "http://any.host");
  // With `sso` it says how a sign-in elsewhere ended.
  return pathname === signInPath && !searchParams.has("sso");
}

/**
 * Has a page that says that nothing is there, or that one has to sign in, come as JSON. Programs call Latchkey too, with a
 * path that they got wrong, and its error is all that they show. Only Next.js knows what its pages are, so its answer is
 * looked at when its head is written.
 */
export function tellMissingPagesInJson(response: ServerResponse): void {
  let replaced = false;
  const isReplaced = (status = response.statusCode): boolean => {
    if (replaced || response.headersSent) return replaced;
    const isPage = String(response.getHeader("content-type")).startsWith("text/html");
    const isMissing = status === notFound.status && isPage;
    if (!isMissing && !asksToSignIn(response, status, response.getHeader("location"))) return false;
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
