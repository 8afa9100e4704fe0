import { type decide, type InstancePolicy, packDigest, type RequestFacts } from "@/lib/domain/gate";
import { isLiveToken } from "@/lib/domain/preflight-evidence";
import type { PresentedToken } from "@/lib/domain/presented-token";
import { CallerAggregator } from "@/lib/gate/observe/caller-aggregator";
import { type CallerEvent, callerEventOf } from "@/lib/gate/observe/caller-event";
import type { Call } from "./calls";
import { Hearing } from "./hearing";
import type { Answer } from "./latchkey";
import type { Random } from "./random";
import type { GateSpec, Sent, World } from "./world";

const instanceDigest = new Uint8Array(32).fill(255);
/** Every instance has the same token: who calls knows it. */
export const tokenDigest = packDigest(instanceDigest);

/** The digest that stands for the account's nth token. */
export const digestOf = (nth: number) => new Uint8Array(32).fill(nth + 1);

const presented = new Map<Sent, Pick<RequestFacts, "presented" | "presentedDigest">>();

function presentedOf(sent: Sent) {
  const known = presented.get(sent);
  if (known) return known;
  const kind = ({ nothing: "absent", garbage: "malformed", placeholder: "placeholder" } as const)[
    sent as "nothing"
  ];
  const made: Pick<RequestFacts, "presented" | "presentedDigest"> = kind
    ? { presented: { kind }, presentedDigest: null }
    : {
        presented: { kind: "well_formed", value: String(sent) } satisfies PresentedToken,
        presentedDigest: digestOf(typeof sent === "number" ? sent : 100),
      };
  presented.set(sent, made);
  return made;
}

type Decide = typeof decide;

/** A gate: the policies that it goes by, and what it has seen and not written yet. */
export class GateInMemory {
  aggregator: CallerAggregator;
  readonly hearing: Hearing<readonly InstancePolicy[]>;
  readonly #spec: GateSpec;
  readonly #world: World;
  readonly #decide: Decide;

  constructor(
    spec: GateSpec,
    world: World,
    decide: Decide,
    random: Random,
    policies: readonly InstancePolicy[],
  ) {
    this.#spec = spec;
    this.#world = world;
    this.#decide = decide;
    this.hearing = new Hearing(spec, random, policies);
    this.aggregator = this.#newAggregator();
  }

  #newAggregator() {
    const { perInstance, perAccount } = this.#world;
    return new CallerAggregator({
      callersPerInstance: perInstance,
      callersPerAccount: perAccount,
      counters: 100_000,
      otherCounters: 50_000,
      endpoints: 100_000,
    });
  }

  restart() {
    this.aggregator = this.#newAggregator();
  }

  call({ program, address, sent }: Call, at: number): Answer {
    const policy = this.hearing.policiesAt(at)?.[program.instance] ?? null;
    const stamp = at + this.#spec.aheadMs;
    const { userAgent } = program;
    const caller = { clientAddress: address, userAgent, method: "GET", path: "/", query: "", headers: [] };
    const facts = { instanceTokenDigest: instanceDigest, ...presentedOf(sent), ...caller };
    const lookup = policy ? ({ kind: "found", policy } as const) : ({ kind: "unavailable" } as const);
    const decision = this.#decide(facts, lookup, new Date(stamp));
    const path = { instanceId: "", instanceToken: "", rest: "/", query: "" };
    const event = callerEventOf(
      "GET",
      { path, key: policy?.key ?? null, facts, about: null },
      { decision, policy },
      stamp,
    );
    if (event) this.aggregator.record(event);
    return answerOf(decision.kind === "allow", event);
  }
}

/** What is to be known of an answer. */
export function answerOf(passed: boolean, event: CallerEvent | null): Answer {
  const token = event?.token ?? null;
  return {
    passed,
    looked: token !== null,
    calledLive: token !== null && isLiveToken(token),
    rejected: !passed && token !== null,
    observed: event !== null,
  };
}
