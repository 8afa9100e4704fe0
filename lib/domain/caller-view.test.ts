import { describe, expect, test } from "vitest";
import { type ListedCaller, listCallers } from "./caller-view";
import type { Judged, Verdict } from "./preflight";

const now = new Date("2026-11-24T12:00:00Z");

function row(id: string, verdict: Verdict, more: Partial<ListedCaller> = {}): Judged<ListedCaller> {
  const facts = {
    instanceId: "one",
    instanceName: "Shop",
    others: false,
    name: null,
    agent: id,
    address: "203.0.113.9",
    firstSeenAt: now,
    lastSeenAt: now,
    lastToken: "missing",
    liveAt: null,
    notLiveAt: now,
    relapsedAt: null,
    relapsedFrom: null,
    dismissedAt: null,
    leftOutAt: null,
  } as const;
  return { caller: { ...facts, id, ...more } as ListedCaller, verdict, unproven: false, expectation: null };
}

const idsOf = (judged: readonly Judged<ListedCaller>[], filter: "all" | Verdict = "all", search = "") =>
  listCallers(judged, { filter, search }).listed.map(({ caller }) => caller.id);

describe("the list of callers", () => {
  test("those that need a look come first, then by instance, what they are called and address", () => {
    const judged = [
      row("ready", "ready", { instanceName: "A" }),
      row("wrong", "wrong_token", { instanceName: "A" }),
      row("z", "rejected", { instanceName: "Depot 10" }),
      row("b", "rejected", { instanceName: "Depot 9", address: "10.0.0.10" }),
      row("b2", "rejected", { instanceName: "Depot 9", agent: "b", address: "10.0.0.9" }),
      row("called a", "rejected", { instanceName: "Depot 9", name: "a", agent: "zz" }),
      row("others", "rejected", { instanceName: "Depot 9", agent: "", address: null, others: true }),
    ];
    const order = ["called a", "b2", "b", "others", "z", "wrong", "ready"];
    expect(idsOf(judged)).toEqual(order);
    expect(idsOf([...judged].reverse())).toEqual(order);
  });

  test("no row moves because somebody called", () => {
    const judged = ["c", "a", "b"].map((id) => row(id, "rejected"));
    const later = judged.map((each, index) => ({
      ...each,
      caller: { ...each.caller, lastSeenAt: new Date(now.getTime() + ((index * 7919) % 13)) },
    }));
    expect(idsOf([...later].reverse())).toEqual(idsOf(judged));
  });

  test("a search finds name, program, address and instance, in any case, within the filter", () => {
    const judged = [
      row("n8n", "rejected", { address: "198.51.100.7" }),
      row("curl", "ready", { name: "Till in the SHOP", instanceName: "Depot" }),
      row("axios", "rejected", { instanceName: "Shop 24" }),
      row("go", "waiting", { instanceName: "Depot" }),
    ];
    expect(idsOf(judged, "all", " shop ").sort()).toEqual(["axios", "curl", "n8n"]);
    expect(idsOf(judged, "rejected", "shop").sort()).toEqual(["axios", "n8n"]);
    expect(idsOf(judged, "all", "51.100")).toEqual(["n8n"]);
    expect(idsOf(judged, "all", "AXIOS")).toEqual(["axios"]);
    expect(idsOf(judged, "all", "%")).toEqual([]);
  });

  test("each filter counts exactly the rows it lists, the row of others included", () => {
    const gone = { dismissedAt: now };
    const judged = [
      row("others", "rejected", { others: true, agent: "", address: null }),
      row("late", "rejected"),
      row("gone", "rejected", gone),
      row("ready", "ready", { instanceName: "Depot" }),
    ];
    for (const search of ["", "shop", "nobody"]) {
      const { counts } = listCallers(judged, { filter: "all", search });
      for (const filter of [
        "all",
        "rejected",
        "wrong_token",
        "waiting",
        "overdue",
        "ready",
        "dismissed",
      ] as const) {
        expect(counts[filter], `${filter} ${search}`).toBe(
          listCallers(judged, { filter, search }).listed.length,
        );
      }
    }
    expect(listCallers(judged, { filter: "all", search: "" }).counts).toMatchObject({ all: 3, rejected: 2 });
  });
});
