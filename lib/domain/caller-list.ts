import { type CallerFilter, type CallerLabel, callerFilters } from "./caller-view";
import { type CallerFacts, isDismissed, type Judged, verdicts } from "./preflight";

/** What listing needs to know about a caller. */
export interface ListedCaller extends CallerFacts, CallerLabel {
  readonly id: string;
  readonly instanceName: string;
}

/** What callers are narrowed to. */
export interface CallerQuery {
  readonly filter: CallerFilter;
  /** Part of a caller's name, program or address, or of its instance's name; empty: all. */
  readonly search: string;
}

/** The callers that a list shows, and how many each filter would. */
export interface CallerList<C extends ListedCaller> {
  readonly listed: readonly Judged<C>[];
  readonly counts: Readonly<Record<CallerFilter, number>>;
}

function passes({ caller, verdict }: Judged, filter: CallerFilter): boolean {
  if (isDismissed(caller)) return filter === "dismissed";
  return filter === "all" || filter === verdict;
}

function matches({ name, agent, address, instanceName }: ListedCaller, search: string): boolean {
  const texts = [name, agent, address, instanceName];
  return texts.some((text) => text?.toLowerCase().includes(search));
}

const { compare } = new Intl.Collator("en", { numeric: true });

/**
 * Those that need a look first; among equals by instance, name or program, and address. Not by time: rows that
 * move whenever someone calls slide away under the pointer.
 */
function byPlace(one: Judged<ListedCaller>, other: Judged<ListedCaller>): number {
  const [a, b] = [one.caller, other.caller];
  return (
    verdicts.indexOf(one.verdict) - verdicts.indexOf(other.verdict) ||
    compare(a.instanceName, b.instanceName) ||
    Number(a.others) - Number(b.others) ||
    compare(a.name ?? a.agent, b.name ?? b.agent) ||
    compare(a.address ?? "", b.address ?? "") ||
    compare(a.id, b.id)
  );
}

/** Lists callers, those beyond the limits too, in an order that does not change while nothing but times do. */
export function listCallers<C extends ListedCaller>(
  judged: readonly Judged<C>[],
  { filter, search }: CallerQuery,
): CallerList<C> {
  const wanted = search.trim().toLowerCase();
  const found = wanted === "" ? judged : judged.filter(({ caller }) => matches(caller, wanted));
  const count = (each: CallerFilter) => found.filter((one) => passes(one, each)).length;
  const counts = Object.fromEntries(callerFilters.map((each) => [each, count(each)]));
  return {
    listed: found.filter((each) => passes(each, filter)).sort(byPlace),
    counts: counts as Record<CallerFilter, number>,
  };
}
