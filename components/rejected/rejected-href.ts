import type { RejectedChart } from "@/lib/domain/rejection";
import type { TrafficRange, TrafficReason } from "@/lib/domain/traffic";

/** What the list of rejected requests is narrowed to; what is left out is the default. */
export interface RejectedPlace {
  readonly range?: TrafficRange;
  readonly by?: RejectedChart;
  readonly reason?: TrafficReason | null;
  readonly caller?: string;
  readonly instance?: string;
  readonly page?: number;
}

/** The page that lists rejected requests. */
export const rejectedPath = "/activity/rejected";

/** The address of a list of rejected requests. */
export function rejectedHref({ range, by, reason, caller, instance, page }: RejectedPlace = {}): string {
  const query = new URLSearchParams();
  if (range && range !== "day") query.set("traffic", range);
  if (by && by !== "reason") query.set("by", by);
  if (reason) query.set("reason", reason);
  if (caller) query.set("caller", caller);
  if (instance) query.set("instance", instance);
  if (page && page > 1) query.set("page", String(page));
  const text = query.toString();
  return text === "" ? rejectedPath : `${rejectedPath}?${text}`;
}

const keys = ["by", "reason", "caller", "instance", "page"] as const;

/** What the address bar asks for, as text that a use case makes sense of. */
export function rejectedQuery(
  params: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<"range" | (typeof keys)[number], string | undefined>> {
  const text = (key: string) => {
    const value = params[key];
    return typeof value === "string" ? value : undefined;
  };
  const [by, reason, caller, instance, page] = keys.map(text);
  return { range: text("traffic"), by, reason, caller, instance, page };
}
