import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { GateResponse } from "./messages";
import { webFromReadable } from "./web-body";

/** `x-middleware-*` in a response is an instruction to Next.js, which no upstream may give. */
const frameworkPrefix = "x-middleware-";

function titleCase(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/**
 * Next.js copies a response's headers by `forEach`, and leaves out `content-length` and
 * `content-encoding`, because with `fetch` they may describe another body. Here they describe this one,
 * so `forEach` names them in another case, which HTTP does not distinguish (RFC 9110 §5.1). Lines of one
 * name are joined (§5.3), because Next.js keeps the first only; cookies cannot be joined and are not.
 */
class WireHeaders extends Headers {
  override forEach(
    callback: (value: string, name: string, parent: Headers) => void,
    thisArg?: unknown,
  ): void {
    for (const [name, value] of this) callback.call(thisArg, value, titleCase(name), this);
  }
}

function wireHeaders(lines: readonly HeaderLine[]): Headers {
  const headers = new WireHeaders();
  for (const [name, value] of lines) if (!name.startsWith(frameworkPrefix)) headers.append(name, value);
  return headers;
}

/**
 * Writes an answer as a web response. The class `Response` allows fewer statuses than HTTP does and
 * fills in a content type; upstreams decide about both.
 */
export function toWebResponse({ status, statusText, headers, body }: GateResponse): Response {
  const content = body === null || typeof body === "string" ? body : webFromReadable(body);
  const response = new Response(content);
  return Object.defineProperties(response, {
    status: { value: status },
    statusText: { value: statusText },
    headers: { value: wireHeaders(headers) },
  });
}
