import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instancePolicy } from "@/test/support/instance-policy";
import { compileAddressList } from "./address-list";
import {
  DecisionMemo,
  decide,
  type InstancePolicy,
  knownCallerKey,
  type PolicyLookup,
  type PolicyToken,
  packDigest,
  type RequestFacts,
} from "./gate";

const digest = (text: string) => createHash("sha256").update(text).digest();
const now = new Date("2026-01-01T12:00:00Z");
const before = new Date(now.getTime() - 1);
const after = new Date(now.getTime() + 1);

const current: PolicyToken = { state: "current", digest: digest("current"), retireAt: null };

function policy(more: Partial<InstancePolicy> = {}): PolicyLookup {
  return {
    kind: "found",
    policy: instancePolicy("i", {
      tokenDigest: packDigest(digest("instance")),
      addresses: compileAddressList(["203.0.113.0/24"]),
      tokens: [current],
      ...more,
    }),
  };
}

function facts(presented: string | null, more: Partial<RequestFacts> = {}): RequestFacts {
  return {
    instanceTokenDigest: digest("instance"),
    presented: presented === null ? { kind: "absent" } : { kind: "well_formed", value: presented },
    presentedDigest: presented === null ? null : digest(presented),
    clientAddress: "203.0.113.9",
    userAgent: "n8n/1.0",
    method: "POST",
    path: "/send-text",
    query: "",
    headers: [],
    ...more,
  };
}

const outcome = (f: RequestFacts, lookup: PolicyLookup) => {
  const decision = decide(f, lookup, now);
  return decision.kind === "deny" ? decision.reason : decision.token;
};

describe("the decision", () => {
  test("a live token passes, another does not", () => {
    expect(decide(facts("current"), policy(), now).kind).toBe("allow");
    expect(outcome(facts("other"), policy())).toBe("unknown");
    expect(outcome(facts(null), policy())).toBe("missing");
  });

  test.each([
    ["without an end passes", null, "retiring"],
    ["before its end passes", after, "retiring"],
    ["at its end is retired", now, "retired"],
    ["after its end is retired", before, "retired"],
  ] as const)("a retiring token %s", (_name, retireAt, verdict) => {
    const tokens: PolicyToken[] = [current, { state: "retiring", digest: digest("old"), retireAt }];
    expect(outcome(facts("old"), policy({ tokens }))).toBe(verdict);
    expect(outcome(facts("current"), policy({ tokens }))).toBe("current");
  });

  test("a retired token never passes, however many there are", () => {
    const tokens = ["x", "y", "z"].map(
      (name): PolicyToken => ({ state: "retired", digest: digest(name), retireAt: null }),
    );
    for (const name of ["x", "y", "z"]) expect(outcome(facts(name), policy({ tokens }))).toBe("retired");
  });

  test("the first failing check answers", () => {
    const worst = policy({ paused: true, addressMode: "enforce", addresses: compileAddressList([]) });
    expect(outcome(facts(null, { instanceTokenDigest: null }), { kind: "unavailable" })).toBe("invalid_path");
    expect(outcome(facts(null), { kind: "unavailable" })).toBe("policy_unavailable");
    expect(outcome(facts(null, { instanceTokenDigest: digest("x") }), worst)).toBe("unknown_instance");
    expect(outcome(facts(null), worst)).toBe("instance_paused");
    const listed = policy({ addressMode: "enforce" });
    expect(outcome(facts(null, { clientAddress: "198.51.100.1" }), listed)).toBe("address");
    expect(outcome(facts(null), listed)).toBe("missing");
  });

  test("an unknown instance and a wrong token get the same answer", () => {
    const wrong = decide(facts(null, { instanceTokenDigest: digest("x") }), policy(), now);
    expect(decide(facts(null), { kind: "unknown" }, now)).toEqual(wrong);
  });

  test("without a known address an enforced list rejects, an observed one does not", () => {
    const unknown = facts("current", { clientAddress: null });
    expect(outcome(unknown, policy({ addressMode: "enforce" }))).toBe("address");
    expect(decide(unknown, policy({ addressMode: "observe" }), now)).toMatchObject({
      kind: "allow",
      addressListed: false,
    });
  });

  test("where nothing is enforced the verdict is only noted", () => {
    const off = policy({ enforcement: "off" });
    expect(decide(facts(null), off, now)).toMatchObject({ kind: "allow", token: "missing" });
    expect(decide(facts("x"), off, now)).toMatchObject({ kind: "allow", token: "unknown" });
    const staged = policy({ enforcement: "staged", enforced: true });
    expect(outcome(facts(null), staged)).toBe("missing");
  });

  test("a damaged digest equals nothing, not even itself", () => {
    const damaged = new Uint8Array(31);
    expect(
      outcome(facts(null, { instanceTokenDigest: damaged }), policy({ tokenDigest: packDigest(damaged) })),
    ).toBe("unknown_instance");
    const tokens: PolicyToken[] = [{ ...current, digest: damaged }];
    expect(outcome(facts("x", { presentedDigest: damaged }), policy({ tokens }))).toBe("unknown");
    expect(outcome(facts("x", { presentedDigest: null }), policy())).toBe("unknown");
  });

  const presented = fc.oneof(
    fc
      .constantFrom("absent", "empty", "duplicate", "too_long", "malformed", "placeholder", "instance_token")
      .map((kind) => ({ presented: { kind } as RequestFacts["presented"], presentedDigest: null })),
    fc.string().map((value) => ({
      presented: { kind: "well_formed", value } as const,
      presentedDigest: digest(value),
    })),
  );
  const token = fc.record({
    state: fc.constantFrom("current", "retiring", "retired"),
    digest: fc.string().map(digest),
    retireAt: fc.constantFrom(null, before, after),
  }) as fc.Arbitrary<PolicyToken>;
  const isLive = (sent: Pick<RequestFacts, "presentedDigest">, tokens: readonly PolicyToken[]) =>
    tokens.some(
      ({ state, digest: held, retireAt }) =>
        state !== "retired" &&
        (state === "current" || retireAt === null || retireAt > now) &&
        sent.presentedDigest !== null &&
        Buffer.compare(sent.presentedDigest, held) === 0,
    );

  test("under enforcement nothing but a live token of the account passes", () => {
    fc.assert(
      fc.property(presented, fc.array(token, { maxLength: 4 }), (sent, tokens) => {
        const decision = decide({ ...facts(null), ...sent }, policy({ tokens }), now);
        if (decision.kind === "allow") expect(isLive(sent, tokens)).toBe(true);
      }),
    );
  });

  test("while known callers only get in without it, who is none of them needs a live token, and so does everybody from its end on", () => {
    const addresses = ["203.0.113.9", "2001:db8::1", "203.0.113.10"];
    const programs: [sent: string | null, product: string][] = [
      ["n8n/1.0", "n8n"],
      ["n8n/2.9 (other)", "n8n"],
      ["Mozilla/5.0 (compatible; Robot/1.0)", "Robot"],
      ["caf\u00c3\u00a9/1", "caf\u00e9"],
      ["\u0000 ", ""],
      [null, ""],
    ];
    const caller = fc.record({
      clientAddress: fc.constantFrom(null, ...addresses),
      program: fc.oneof(
        fc.constantFrom(...programs),
        fc
          .uint8Array({ maxLength: 20 })
          .map((bytes): [string, string] => [Buffer.from(bytes).toString("latin1"), "\n"]),
      ),
    });
    const known = fc.option(
      fc.uniqueArray(
        fc.tuple(fc.constantFrom(...addresses), fc.constantFrom("n8n", "Robot", "caf\u00e9", "")),
      ),
    );
    const graceUntil = fc.constantFrom(null, before, now, after);
    const tokens = fc.uniqueArray(token, { maxLength: 3, selector: ({ state }) => state });
    const enforcement = fc.constantFrom("off", "staged", "grace", "on");
    fc.assert(
      fc.property(
        fc.record({ sent: presented, tokens, caller, known }),
        fc.record({ graceUntil, enforcement, enforced: fc.boolean() }),
        ({ sent, tokens, caller: { clientAddress, program }, known }, account) => {
          const keys = known && new Set(known.map(([address, agent]) => knownCallerKey(address, agent)));
          const lookup = policy({ ...account, tokens, known: keys });
          const [userAgent, product] = program;
          const decision = decide({ ...facts(null), ...sent, clientAddress, userAgent }, lookup, now);
          const isKnown = known?.some(([address, agent]) => address === clientAddress && agent === product);
          const open = { off: true, on: false, staged: !account.enforced, grace: false }[account.enforcement];
          const graced =
            account.enforcement === "grace" && !account.enforced && account.graceUntil === after && isKnown;
          // What a made-up program is called is not said here, so such a caller may be one of those without a name.
          if (product === "\n" && decision.kind === "allow") {
            expect(
              isLive(sent, tokens) || open || known?.some(([address]) => address === clientAddress),
            ).toBe(true);
          } else expect(decision.kind === "allow").toBe(isLive(sent, tokens) || open || graced === true);
          if (decision.kind === "deny") {
            const missing = sent.presented.kind === "absent" || sent.presented.kind === "empty";
            const error = missing ? "null not allowed" : "Client-Token not allowed";
            expect(decision).toMatchObject({ status: 403, body: { error } });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

test("what a connection remembers is what deciding anew would give, also when time ends a token or the grace of known callers", () => {
  const policies = [
    null,
    policy(),
    policy({ paused: true }),
    policy({ tokenDigest: packDigest(digest("another")) }),
    policy({ addressMode: "enforce" }),
    policy({ tokens: [current, { state: "retiring", digest: digest("old"), retireAt: now }] }),
    policy({ tokens: [current, { state: "retiring", digest: digest("old"), retireAt: null }] }),
    policy({
      enforcement: "grace",
      graceUntil: now,
      known: new Set([knownCallerKey("203.0.113.9", "n8n"), knownCallerKey("198.51.100.1", "curl")]),
    }),
    policy({ enforcement: "grace", graceUntil: after, known: new Set() }),
    policy({ enforcement: "grace", graceUntil: after }),
  ].map((lookup) => (lookup?.kind === "found" ? lookup.policy : null));
  const sent = ["current", "old", "x", null].flatMap((value) => [
    facts(value),
    facts(value, { clientAddress: "198.51.100.1" }),
    facts(value, { userAgent: "curl/8.5.0" }),
    facts(value, { userAgent: "curl/8.5.0", clientAddress: "198.51.100.1" }),
    facts(value, { instanceTokenDigest: null }),
  ]);
  const request = fc.tuple(
    fc.constantFrom(...sent),
    fc.constantFrom(...policies),
    fc.constantFrom(before, now, after),
  );
  fc.assert(
    fc.property(fc.array(request, { minLength: 2, maxLength: 12 }), (requests) => {
      const memo = new DecisionMemo();
      for (const [one, found, at] of requests) {
        const lookup: PolicyLookup = found ? { kind: "found", policy: found } : { kind: "unknown" };
        expect(memo.decide(one, found, at)).toEqual(decide(one, lookup, at));
      }
    }),
  );
});

describe("an instance that is named without a credential", () => {
  const byName = { instanceTokenDigest: "by_name" } as const;
  const now = new Date();

  test("is found by its name alone, and by no other", () => {
    expect(decide(facts(null, byName), policy({ enforcement: "off" }), now).kind).toBe("allow");
    expect(decide(facts(null, byName), { kind: "unknown" }, now)).toMatchObject({
      reason: "unknown_instance",
    });
    expect(decide(facts(null, byName), policy(), now)).toMatchObject({ reason: "missing" });
  });

  test("is proven by a live token only; a credential of its own proves as well", () => {
    const off = policy({ enforcement: "off" });
    const proven = (presented: string | null, more: Partial<RequestFacts>) => {
      const decision = decide(facts(presented, more), off, now);
      return decision.kind === "allow" && decision.proven;
    };
    const own = { presentedDigest: digest("current") };
    const foreign = { presentedDigest: digest("foreign") };
    expect([
      proven(null, byName),
      proven("x", { ...byName, ...foreign }),
      proven("x", { ...byName, ...own }),
      proven(null, {}),
    ]).toEqual([false, false, true, true]);
  });
});
