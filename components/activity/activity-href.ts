import { type AuditFilter, auditQueryOf } from "@/lib/domain/audit-filter";

interface Position {
  readonly before?: string;
  readonly after?: string;
}

/** The part of the page that tells about the chain. */
export const proofId = "proof";

function address(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** The address of a page of events. */
export function activityHref(filter: AuditFilter, position: Position = {}): string {
  const query = auditQueryOf(filter);
  for (const [name, value] of Object.entries(position)) query.set(name, value);
  return address("/activity", query);
}

/** The address that looks through the whole chain. */
export function checkHref(filter: AuditFilter): string {
  const query = auditQueryOf(filter);
  query.set("check", "chain");
  return `${address("/activity", query)}#${proofId}`;
}

/** The address of an export. A chain is exported whole, so only CSV is narrowed. */
export function exportHref(format: "jsonl" | "csv", filter: AuditFilter): string {
  const query = format === "csv" ? auditQueryOf(filter) : new URLSearchParams();
  query.set("format", format);
  return address("/activity/export", query);
}
