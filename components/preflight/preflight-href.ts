import { type CallerFilter, callersPerStep } from "@/lib/domain/caller-view";

/** The part of the Security page that lists the callers. */
export const preflightId = "preflight";

/** The address of a list of callers; what is left out is the default. */
export function preflightHref(filter: CallerFilter, shown = callersPerStep): string {
  const query = new URLSearchParams();
  if (filter !== "all") query.set("callers", filter);
  if (shown !== callersPerStep) query.set("shown", String(shown));
  const text = query.toString();
  return `/security${text === "" ? "" : `?${text}`}#${preflightId}`;
}

/** What the address bar asks for, as text that a use case makes sense of. */
export function preflightQuery(params: Readonly<Record<string, string | string[] | undefined>>): {
  filter: string | undefined;
  shown: string | undefined;
} {
  const { callers, shown } = params;
  return {
    filter: typeof callers === "string" ? callers : undefined,
    shown: typeof shown === "string" ? shown : undefined,
  };
}
