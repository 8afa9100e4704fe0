import { describe, expect, test } from "vitest";
import { callersByProgram, firstRows, type ListedCaller, listCallers } from "./caller-list";
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
  test("those that need a look come first, then by what they are called, instance and address", () => {
    const judged = [
      row("ready", "ready", { instanceName: "A" }),
      row("wrong", "wrong_token", { instanceName: "A" }),
      row("z", "rejected", { instanceName: "Depot 10" }),
      row("b", "rejected", { instanceName: "Depot 9", address: "10.0.0.10" }),
      row("b2", "rejected", { instanceName: "Depot 9", agent: "b", address: "10.0.0.9" }),
      row("called a", "rejected", { instanceName: "Depot 9", name: "a", agent: "zz" }),
      row("b3", "rejected", { instanceName: "Depot 10", agent: "b", address: "10.0.0.1" }),
      row("others", "rejected", { instanceName: "Depot 9", agent: "", address: null, others: true }),
    ];
    const order = ["called a", "b2", "b", "b3", "z", "others", "wrong", "ready"];
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

describe("the groups of callers", () => {
  const groupsOf = (judged: readonly Judged<ListedCaller>[], filter: "all" | "dismissed" = "all") =>
    listCallers(judged, { filter, search: "" }).groups;

  test("hold each listed caller once, those that need a hand first, and none is empty", () => {
    const judged = [
      row("a", "ready"),
      row("b", "overdue"),
      row("c", "wrong_token"),
      row("d", "waiting"),
      row("e", "rejected"),
      row("f", "rejected", { dismissedAt: now }),
    ];
    const found = groupsOf(judged).map(({ kind, total }) => [kind, total]);
    expect(found).toEqual([
      ["hand", 2],
      ["waiting", 1],
      ["overdue", 1],
      ["ready", 1],
    ]);
    expect(groupsOf(judged, "dismissed")).toMatchObject([{ kind: "dismissed", total: 1 }]);
    expect(groupsOf([])).toEqual([]);
  });

  test("name the programs with most addresses, and count the rest", () => {
    const of = (agent: string, addresses: number, instanceName = "Shop") =>
      Array.from({ length: addresses }, (_, n) =>
        row(`${agent}-${instanceName}-${n}`, "ready", { agent, instanceName, address: `10.0.0.${n}` }),
      );
    const judged = [
      of("curl", 1),
      of("n8n", 4),
      of("n8n", 4, "Depot"),
      of("go", 2),
      of("a", 1),
      of("b", 1),
    ].flat();
    expect(groupsOf(judged)).toMatchObject([
      {
        total: 13,
        programs: [
          { agent: "n8n", addresses: 4 },
          { agent: "go", addresses: 2 },
          { agent: "a", addresses: 1 },
          { agent: "b", addresses: 1 },
        ],
        morePrograms: 1,
      },
    ]);
  });
});

test("callers of one program and verdict stand together, whatever instance they call, in the order of the list", () => {
  const judged = [
    row("1", "rejected", { agent: "n8n", address: "10.0.0.2" }),
    row("2", "rejected", { agent: "n8n", address: "10.0.0.1", instanceName: "Depot" }),
    row("3", "wrong_token", { agent: "n8n" }),
    row("4", "rejected", { agent: "n8n", name: "n8n" }),
    row("5", "rejected", { agent: "n8n", address: null, others: true }),
    row("6", "rejected", { agent: "curl", name: "Till" }),
    row("7", "rejected", { agent: "go", name: "Till" }),
  ];
  const { listed } = listCallers(judged, { filter: "all", search: "" });
  const callers = listed.map(({ caller, verdict }) => ({ ...caller, verdict }));
  const programs = callersByProgram(callers).map((each) => each.callers.map(({ id }) => id));
  expect(programs).toEqual([["2", "1"], ["4"], ["6", "7"], ["5"], ["3"]]);
});

describe("the first rows of a list", () => {
  const of = (agent: string, addresses: number) =>
    Array.from({ length: addresses }, (_, n) =>
      row(`${agent}-${n}`, "rejected", { agent, address: `10.0.0.${n}` }),
    );
  const shown = (judged: readonly Judged<ListedCaller>[], rows: number, callers: number) =>
    firstRows(judged, { rows, callers }).map(({ caller }) => caller.id);

  test("hold programs whole, as many as were asked for and fit", () => {
    const judged = [of("a", 3), of("b", 1), of("c", 2), of("d", 1)].flat();
    expect(shown(judged, 2, 100)).toEqual(["a-0", "a-1", "a-2", "b-0"]);
    expect(shown(judged, 9, 5), "c is not torn").toEqual(["a-0", "a-1", "a-2", "b-0"]);
    expect(shown(judged, 9, 100)).toHaveLength(7);
  });

  test("hold as much as fits of a program that is larger than a page", () => {
    expect(shown([of("a", 9), of("b", 1)].flat(), 20, 5)).toHaveLength(5);
  });
});
