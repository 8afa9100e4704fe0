import {
  type CallerFilter,
  type CallerGroup,
  type CallerGroupKind,
  type CallerLabel,
  callerGroupKinds,
} from "./caller-view";
import { type CallerFacts, isSetAside, type Judged, type Verdict, verdicts } from "./preflight";
import { seenKey } from "./seen-text";

/** What listing needs to know about a caller. */
export interface ListedCaller extends CallerFacts, CallerLabel {
  readonly id: string;
  readonly instanceName: string;
}

/** What callers are narrowed to. */
interface CallerQuery {
  readonly filter: CallerFilter;
  /** Part of a caller's name, program or address, or of its instance's name; empty: all. */
  readonly search: string;
}

/** The callers that a list shows, the same as groups, and how many each filter would list. */
interface CallerList<C extends ListedCaller> {
  readonly listed: readonly Judged<C>[];
  readonly groups: readonly CallerGroup[];
  readonly counts: Readonly<Record<CallerFilter, number>>;
}

/** The filter that lists a caller, beside `all` for those that are not set aside. */
const filterOf = ({ caller, verdict }: Judged) => (isSetAside(caller) ? "dismissed" : verdict);

/** How many callers each filter lists. */
function countsOf(judged: readonly Judged[]): Record<CallerFilter, number> {
  const counts = { all: 0, rejected: 0, wrong_token: 0, waiting: 0, overdue: 0, ready: 0, dismissed: 0 };
  for (const each of judged) counts[filterOf(each)]++;
  return { ...counts, all: judged.length - counts.dismissed };
}

function matches({ name, agent, address, instanceName }: ListedCaller, search: string): boolean {
  const texts = [name, agent, address, instanceName];
  return texts.some((text) => text && seenKey(text).toLowerCase().includes(search));
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** The place of each title among all: there are few, and comparing them anew for each pair of callers takes long. */
function places(titles: Iterable<string>): ReadonlyMap<string, number> {
  return new Map([...new Set(titles)].sort(compare).map((title, place) => [title, place]));
}

const titleOf = ({ name, agent }: CallerLabel) => name ?? agent;

/**
 * Those that need a look first; among equals by name or program, instance and address. Not by time: rows that move
 * whenever someone calls slide away under the pointer.
 */
function sorted<C extends ListedCaller>(judged: readonly Judged<C>[]): Judged<C>[] {
  const placeOf = places(judged.map(({ caller }) => titleOf(caller)));
  const place = (caller: C) => placeOf.get(titleOf(caller)) ?? 0;
  return judged.toSorted((one, other) => {
    const [a, b] = [one.caller, other.caller];
    return (
      verdicts.indexOf(one.verdict) - verdicts.indexOf(other.verdict) ||
      Number(a.others) - Number(b.others) ||
      place(a) - place(b) ||
      compare(a.instanceName, b.instanceName) ||
      compare(a.address ?? "", b.address ?? "") ||
      compare(a.id, b.id)
    );
  });
}

/** The group that a caller belongs to. @param setAside it was called gone, or left out */
export function groupOf(verdict: Verdict, setAside: boolean): CallerGroupKind {
  if (setAside) return "dismissed";
  return verdict === "rejected" || verdict === "wrong_token" ? "hand" : verdict;
}

/** Callers of one program, or with one name, of which the same would become. */
interface ProgramCallers<C> {
  readonly key: string;
  /** Never empty. */
  readonly callers: readonly [C, ...C[]];
}

/** Puts callers of one program and one verdict together, in the order in which the first of each comes. */
export function callersByProgram<C extends CallerLabel & { readonly verdict: Verdict }>(
  callers: readonly C[],
): ProgramCallers<C>[] {
  return byProgram(
    callers,
    (caller) => caller,
    ({ verdict }) => verdict,
  );
}

function byProgram<T>(
  all: readonly T[],
  labelOf: (each: T) => CallerLabel,
  verdictOf: (each: T) => Verdict,
): ProgramCallers<T>[] {
  const found = new Map<string, [T, ...T[]]>();
  for (const each of all) {
    const label = labelOf(each);
    const key = `${verdictOf(each)} ${label.others} ${label.name === null} ${titleOf(label)}`;
    const same = found.get(key);
    if (same) same.push(each);
    else found.set(key, [each]);
  }
  return [...found].map(([key, callers]) => ({ key, callers }));
}

const judgedByProgram = <C extends ListedCaller>(judged: readonly Judged<C>[]) =>
  byProgram(
    judged,
    ({ caller }) => caller,
    ({ verdict }) => verdict,
  );

/** From how many addresses these call; those that are not known count as one. */
export function countAddresses(callers: readonly Pick<CallerLabel, "address">[]): number {
  return new Set(callers.map(({ address }) => address)).size;
}

/** Programs that a group's line names; the rest is counted, and listed below it. */
const programsNamed = 4;

function summary(kind: CallerGroupKind, judged: readonly Judged<ListedCaller>[]): CallerGroup {
  const programs = judgedByProgram(judged)
    .map(({ callers }) => {
      const [{ caller, verdict }] = callers;
      const { name, agent, others } = caller;
      return { name, agent, others, verdict, addresses: countAddresses(callers.map(({ caller }) => caller)) };
    })
    .sort((one, other) => other.addresses - one.addresses);
  return {
    kind,
    total: judged.length,
    programs: programs.slice(0, programsNamed),
    morePrograms: Math.max(0, programs.length - programsNamed),
  };
}

/**
 * The first rows of a list: programs whole, so that what is said of one is true, and of one that is larger than a page
 * as much as fits.
 */
export function firstRows<C extends ListedCaller>(
  listed: readonly Judged<C>[],
  { rows, callers: most }: { readonly rows: number; readonly callers: number },
): Judged<C>[] {
  const first: Judged<C>[] = [];
  for (const { callers } of judgedByProgram(listed).slice(0, rows)) {
    if (first.length > 0 && first.length + callers.length > most) break;
    first.push(...callers);
  }
  return first.slice(0, most);
}

/** Lists callers, those beyond the limits too, in an order that does not change while nothing but times do. */
export function listCallers<C extends ListedCaller>(
  judged: readonly Judged<C>[],
  { filter, search }: CallerQuery,
): CallerList<C> {
  const wanted = seenKey(search).toLowerCase();
  const found = wanted === "" ? judged : judged.filter(({ caller }) => matches(caller, wanted));
  const passes = (of: ReturnType<typeof filterOf>) => (filter === "all" ? of !== "dismissed" : of === filter);
  const listed = sorted(found.filter((each) => passes(filterOf(each))));
  const byKind = Map.groupBy(listed, ({ caller, verdict }) => groupOf(verdict, isSetAside(caller)));
  return {
    listed,
    groups: callerGroupKinds.flatMap((kind) => {
      const callers = byKind.get(kind);
      return callers ? [summary(kind, callers)] : [];
    }),
    counts: countsOf(found),
  };
}
