import { type CallerFilter, type CallerLabel, callerFilters } from "./caller-view";
import { type CallerFacts, isDismissed, type Judged, verdicts } from "./preflight";
import { seenKey } from "./seen-text";

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
  return texts.some((text) => text && seenKey(text).toLowerCase().includes(search));
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** The place of each name among all: there are few, and comparing them anew for each pair of callers takes long. */
function places(names: Iterable<string>): ReadonlyMap<string, number> {
  return new Map([...new Set(names)].sort(compare).map((name, place) => [name, place]));
}

/**
 * Those that need a look first; among equals by instance, name or program, and address. Not by time: rows that
 * move whenever someone calls slide away under the pointer.
 */
function sorted<C extends ListedCaller>(judged: readonly Judged<C>[]): Judged<C>[] {
  const placeOf = places(judged.map(({ caller }) => caller.instanceName));
  const place = ({ caller }: Judged<C>) => placeOf.get(caller.instanceName) ?? 0;
  return judged.toSorted((one, other) => {
    const [a, b] = [one.caller, other.caller];
    return (
      verdicts.indexOf(one.verdict) - verdicts.indexOf(other.verdict) ||
      place(one) - place(other) ||
      Number(a.others) - Number(b.others) ||
      compare(a.name ?? a.agent, b.name ?? b.agent) ||
      compare(a.address ?? "", b.address ?? "") ||
      compare(a.id, b.id)
    );
  });
}

/** Lists callers, those beyond the limits too, in an order that does not change while nothing but times do. */
export function listCallers<C extends ListedCaller>(
  judged: readonly Judged<C>[],
  { filter, search }: CallerQuery,
): CallerList<C> {
  const wanted = seenKey(search).toLowerCase();
  const found = wanted === "" ? judged : judged.filter(({ caller }) => matches(caller, wanted));
  const count = (each: CallerFilter) => found.filter((one) => passes(one, each)).length;
  const counts = Object.fromEntries(callerFilters.map((each) => [each, count(each)]));
  return {
    listed: sorted(found.filter((each) => passes(each, filter))),
    counts: counts as Record<CallerFilter, number>,
  };
}
