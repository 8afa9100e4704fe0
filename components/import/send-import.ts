import type { ActionResult } from "@/lib/domain/errors";

/** What is to be imported: a file's bytes, or what a service's gateway lists. */
export type ImportSource =
  | { readonly kind: "file"; readonly body: Blob; readonly serviceId: string | null }
  | { readonly kind: "list"; readonly serviceId: string };

interface SendOptions {
  /** The account that the page is open in. */
  readonly accountId: string;
  /** The preview that was seen, to import it; null to get one. */
  readonly plan: string | null;
  readonly onProgress: (share: number) => void;
  /** Ends it, here and at the server: nothing is written unless all of it was by then. */
  readonly signal: AbortSignal;
}

type Line<T> = { readonly progress: number } | { readonly result: ActionResult<T> };

/**
 * Has a source previewed or imported. The type is the caller's word: what is answered depends on `plan`.
 *
 * @throws TypeError when the connection is lost, AbortError when `signal` ended it
 */
export async function sendImport<T>(source: ImportSource, options: SendOptions): Promise<ActionResult<T>> {
  const { accountId, plan, onProgress, signal } = options;
  const query = new URLSearchParams({ account: accountId, source: source.kind });
  if (source.serviceId !== null) query.set("service", source.serviceId);
  if (plan !== null) query.set("plan", plan);
  const response = await fetch(`/api/import?${query}`, {
    method: "POST",
    signal,
    ...(source.kind === "file" && {
      body: source.body,
      headers: { "content-type": "application/octet-stream" },
    }),
  });
  let result: ActionResult<T> | null = null;
  const take = (text: string) => {
    const line: Line<T> = JSON.parse(text);
    if ("result" in line) result = line.result;
    else onProgress(line.progress);
  };
  let rest = "";
  for await (const piece of textIn(response)) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
  if (result === null) throw new TypeError("the answer has no result");
  return result;
}

/** Not every browser can iterate over a stream. */
async function* textIn({ body }: Response): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return;
    yield value;
  }
}
