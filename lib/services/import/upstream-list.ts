import { request } from "undici";
import type { StoredService } from "@/lib/db/transaction";
import { type FieldErrorCode, invalidField, Refusal } from "@/lib/domain/errors";
import { type ImportedRecords, importLimits } from "@/lib/domain/instance-import";
import { type Preset, type PresetId, presets } from "@/lib/domain/preset";
import { openHeaders, upstreamAgent } from "../instances/upstream";
import { failureOf } from "../services/test-call";
import { listIn, valueAt } from "./list-items";
import { readBytes, recordsOf } from "./read-file";

/** A gateway that takes longer to say what it has is not waited for. */
const answerWithinMs = 15_000;
const connectWithinMs = 5000;

/** How the gateway of a service lists what it has; null where its preset knows no such call. */
export function listOf({ preset }: Pick<StoredService, "preset">): Preset["list"] | null {
  const known: Preset | undefined = Object.hasOwn(presets, preset) ? presets[preset as PresetId] : undefined;
  return known?.list ?? null;
}

const failed = (code: FieldErrorCode, params?: Readonly<Record<string, string | number>>) =>
  invalidField("list", code, params);

function requireList(status: number): void {
  if (status === 401 || status === 403) throw failed("list_key", { status });
  if (status < 200 || status > 299) throw failed("list_status", { status });
}

/**
 * Asks a service's upstream for what it has, with the service's own key. Only public addresses are connected to unless private
 * ones are allowed, no redirect is followed, and nothing of the answer is told but names of instances.
 *
 * @throws Refusal `invalid` (list: what came instead of a list)
 */
async function askUpstream(service: StoredService, path: string): Promise<string> {
  if (service.upstreamUrl === null) throw failed("list_none");
  const dispatcher = upstreamAgent(connectWithinMs);
  try {
    const { statusCode, body } = await request(service.upstreamUrl + path, {
      dispatcher,
      headers: [
        ["accept", "application/json"],
        ...openHeaders(`service:${service.id}`, service.headersSealed),
      ].flat(),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    requireList(statusCode);
    const bytes = await readBytes(body, () => failed("list_too_large", { max: importLimits.megabytes }));
    return bytes.toString("utf8");
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw failed("list_unreachable", { why: failureOf(error) });
  } finally {
    await dispatcher.destroy();
  }
}

/** What the gateway has, as lines to import. @throws Refusal `invalid` (list) */
export async function readUpstreamList(service: StoredService): Promise<ImportedRecords> {
  const list = listOf(service);
  if (!list) throw failed("list_none");
  const text = await askUpstream(service, list.path);
  if (/^\s*</.test(text)) throw failed("list_html");
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw failed("list_no_json");
  }
  const items = listIn(valueAt(answer, list.items));
  if (items === null) throw failed("list_shape");
  if (items.length === 0) throw failed("list_empty");
  if (items.length > importLimits.lines) throw failed("import_too_many", { max: importLimits.lines });
  if (!items.some((item) => typeof valueAt(item, list.name) === "string")) throw failed("list_shape");
  return recordsOf("list", items, list);
}
