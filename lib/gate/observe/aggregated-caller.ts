import type { CallerStatistics } from "@/lib/db/caller-statistics";
import type { Outcome } from "@/lib/domain/caller";
import { endpointsPerCaller, seenAbout, seenPath, unclearPath } from "@/lib/domain/endpoint-seen";
import { pathTemplate, pathTemplateMaxLength } from "@/lib/domain/path-template";
import { isLiveToken, type SeenToken } from "@/lib/domain/preflight-evidence";
import { hourMs } from "@/lib/domain/traffic";
import { detachedCopy, memoized } from "../memoized";
import type { CallerEvent } from "./caller-event";
import type { UserAgent } from "./user-agents";

/*
 * What is counted of one caller. A gate may hold a hundred thousand of them for seconds, and nearly all have one counter and
 * one endpoint: so both are linked instead of listed, and times are whole numbers small enough to need no object of their
 * own. The garbage collector's work was half of what counting cost.
 */

/** Thousands of callers do the same few things: each is in memory once. */
const shared = memoized(detachedCopy, pathTemplateMaxLength);

/** Paths as endpoints are remembered by: most callers send the same few again and again. */
const longestPath = 200;
const endpointOf = memoized((path) => shared(seenPath(path)), longestPath);
const endpointAbout = memoized((about) => shared(seenAbout(about)), longestPath);
const templateOf = memoized((path) => shared(pathTemplate(path)), longestPath);

/** Methods are upper-case words (RFC 9110 §9.1); whatever else was sent is not worth keeping. */
function knownMethod(method: string): string {
  return /^[A-Z-]{1,20}$/.test(method) ? shared(method) : "other";
}

/** Looked at, and not live. */
const isNotLive = (token: SeenToken): boolean => token !== "none" && !isLiveToken(token);

/** Requests of one caller in one hour with one outcome and token. */
class Counter {
  requests = 0;
  /** Milliseconds of its hour. */
  lastMs = 0;
  next: Counter | null = null;

  constructor(
    /** Hours since 1970. */
    readonly hours: number,
    readonly outcome: Outcome,
    readonly token: SeenToken,
    /** Of the first of them: one path will do, as long as it met with this outcome and token. */
    readonly method: string,
    readonly path: string,
  ) {}

  get hour(): number {
    return this.hours * hourMs;
  }

  get lastAt(): number {
    return this.hour + this.lastMs;
  }

  add(requests: number, ms: number): void {
    this.requests += requests;
    if (ms > this.lastMs) this.lastMs = ms;
  }
}

/** Requests of one caller to one endpoint. */
class EndpointCounter {
  accepted = 0;
  rejected = 0;
  next: EndpointCounter | null = null;

  constructor(
    readonly method: string,
    readonly path: string,
    /** Milliseconds since the caller's first. */
    public lastMs: number,
  ) {}

  add(outcome: "accepted" | "endpoint", requests: number, ms: number): void {
    if (outcome === "accepted") this.accepted += requests;
    else this.rejected += requests;
    if (ms > this.lastMs) this.lastMs = ms;
  }
}

/** All from the first on. */
function listOf<T extends { readonly next: T | null }>(first: T | null): T[] {
  const list: T[] = [];
  for (let each = first; each !== null; each = each.next) list.push(each);
  return list;
}

/** What was seen of one caller. It is held in counters, and the rest is worked out when it is written. */
export class AggregatedCaller implements CallerStatistics {
  #counter: Counter | null = null;
  #endpoint: EndpointCounter | null = null;
  /** Counters do not tell in which order they were raised. Milliseconds since the first, as the others. */
  #liveBeforeMs: number | null = null;
  #liveSinceMs: number | null = null;
  #moreEndpointsMs: number | null = null;
  /** Below 0 when the clock was set back. */
  #earliestMs = 0;
  readonly #beganAt: number;

  constructor(
    readonly accountId: string,
    readonly instanceId: string,
    readonly address: string | null,
    /** The newest. */
    public sentAgent: UserAgent,
    readonly others: boolean,
    beganAt: number,
  ) {
    this.#beganAt = beganAt;
  }

  get agent(): string {
    return this.sentAgent.product;
  }

  get userAgent(): string {
    return this.sentAgent.userAgent;
  }

  get counts(): readonly Counter[] {
    return listOf(this.#counter);
  }

  get endpoints() {
    return listOf(this.#endpoint).map(({ method, path, accepted, rejected, lastMs }) => {
      return { method, path, accepted, rejected, lastAt: this.#beganAt + lastMs };
    });
  }

  get last(): Counter {
    return this.counts.reduce((last, count) => (count.lastAt >= last.lastAt ? count : last));
  }

  get firstAt(): number {
    return this.#beganAt + this.#earliestMs;
  }

  get acceptedAt(): number | null {
    return this.#lastOf(({ outcome }) => outcome === "accepted");
  }

  get rejectedAt(): number | null {
    return this.#lastOf(({ outcome }) => outcome !== "accepted");
  }

  get liveAt(): number | null {
    return this.#lastOf(({ token }) => isLiveToken(token));
  }

  get notLiveAt(): number | null {
    return this.#lastOf(({ token }) => isNotLive(token));
  }

  get liveBeforeAt(): number | null {
    return this.#momentAt(this.#liveBeforeMs);
  }

  get liveSinceAt(): number | null {
    return this.#momentAt(this.#liveSinceMs);
  }

  get moreEndpointsAt(): number | null {
    return this.#momentAt(this.#moreEndpointsMs);
  }

  /** Counts an event like those counted before; false when it is the first of its kind. */
  add({ at, outcome, requests }: CallerEvent, token: SeenToken): boolean {
    const hours = Math.floor(at / hourMs);
    for (let counter = this.#counter; counter !== null; counter = counter.next) {
      if (counter.token !== token || counter.outcome !== outcome || counter.hours !== hours) continue;
      counter.add(requests, at - hours * hourMs);
      this.#noteMoment(at, token);
      return true;
    }
    return false;
  }

  /** Counts the first event of its kind. */
  begin(event: CallerEvent, token: SeenToken): void {
    const { at, outcome, requests } = event;
    const hours = Math.floor(at / hourMs);
    const path = templateOf(event.about ?? event.rest);
    const counter = new Counter(hours, outcome, token, knownMethod(event.method), path);
    counter.add(requests, at - hours * hourMs);
    const before = listOf(this.#counter).at(-1);
    if (before) before.next = counter;
    else this.#counter = counter;
    this.#noteMoment(at, token);
  }

  /**
   * Counts an event under its endpoint, unless token or address stopped it before its endpoint mattered.
   *
   * @param isFull there is no room for one more, of whichever caller
   * @returns whether it was the first of its endpoint
   */
  noteEndpoint(event: CallerEvent, isFull: boolean): boolean {
    const { at, outcome, requests, about } = event;
    if (outcome !== "accepted" && outcome !== "endpoint") return false;
    const method = knownMethod(event.method);
    const known = about === null ? endpointOf(event.rest) : endpointAbout(about);
    const path = event.asksForAnother ? unclearPath : known;
    const ms = at - this.#beganAt;
    let held = 0;
    let last: EndpointCounter | null = null;
    for (let endpoint = this.#endpoint; endpoint !== null; endpoint = endpoint.next) {
      if (endpoint.path === path && endpoint.method === method) {
        endpoint.add(outcome, requests, ms);
        return false;
      }
      held++;
      last = endpoint;
    }
    if (isFull || held >= endpointsPerCaller) {
      this.#moreEndpointsMs = ms;
      return false;
    }
    const endpoint = new EndpointCounter(method, path, ms);
    endpoint.add(outcome, requests, ms);
    if (last) last.next = endpoint;
    else this.#endpoint = endpoint;
    return true;
  }

  /** Notes what counters do not tell. */
  #noteMoment(at: number, token: SeenToken): void {
    const ms = at - this.#beganAt;
    if (ms < this.#earliestMs) this.#earliestMs = ms;
    if (isLiveToken(token)) {
      this.#liveSinceMs ??= ms;
    } else if (isNotLive(token)) {
      const { liveAt } = this;
      if (liveAt !== null) this.#liveBeforeMs = liveAt - this.#beganAt;
      this.#liveSinceMs = null;
    }
  }

  #momentAt(ms: number | null): number | null {
    return ms === null ? null : this.#beganAt + ms;
  }

  /** The last moment of some counters; null when there are none. */
  #lastOf(isOne: (counter: Counter) => boolean): number | null {
    let last: number | null = null;
    for (let counter = this.#counter; counter !== null; counter = counter.next) {
      if ((last === null || counter.lastAt > last) && isOne(counter)) last = counter.lastAt;
    }
    return last;
  }
}
