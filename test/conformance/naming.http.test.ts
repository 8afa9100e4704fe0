import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "@/server/processes";
import { onDatabase } from "../support/database";
import { rejected } from "./case";
import { checkCase } from "./check";
import { openSocketDoor, required, type SocketDoor } from "./live-world";
import { caseInStyle, casesFor, namedDoor, namedWorld, newNaming } from "./naming";

const doors = [
  ["the gate", "gate", "LATCHKEY_TEST_GATE_URL"],
  ["the route handler", "route-handler", "LATCHKEY_TEST_DASHBOARD_URL"],
] as const;

/** Each naming with another style of answers, so that both are read from where they are stored. */
const namings = [
  ["host", "unauthorized"],
  ["route", "z_api"],
] as const;

describe.each(doors)("the wire contract at %s", (_name, door, variable) => {
  describe.each(namings)("named by %s, answered as %s", (kind, style) => {
    const naming = newNaming(kind);
    let live: SocketDoor;

    beforeAll(async () => {
      live = await openSocketDoor(door, required(variable));
      await onDatabase(required("DATABASE_URL"), (client) =>
        naming.seed(client, live.world, live.upstream, style),
      );
      const target = `${naming.prefixOf("closed")}/v1`;
      const run = async () => {
        const entry = { name: "", instance: "closed", target, expect: { status: 0 } } as const;
        const { answer } = await namedDoor(live, naming).run(entry, {});
        return answer.headers.some(([name, value]) => name === "latchkey-reason" && value === "missing");
      };
      expect(await waitUntil(run, { withinMs: 10_000 })).toBe(true);
    });

    afterAll(() => live.close());

    const entries = casesFor(kind).map((entry) => caseInStyle(entry, style, kind === "route"));

    test.each(entries.map((entry) => [entry.name, entry] as const))("%s", (_title, entry) =>
      checkCase(entry, namedDoor(live, naming), namedWorld(live.world, naming)),
    );

    if (kind === "route")
      test("a path that no route knows, and a name of nobody", async () => {
        const named = namedDoor(live, naming);
        const nothing = rejected(404, "Not found", "not_found");
        const unknown = rejected(400, "Instance not found", "unknown_instance");
        for (const [target, expected] of [
          ["/healthz", nothing],
          ["/x", nothing],
          ["/s/nobody/v1", unknown],
        ] as const)
          await checkCase({ name: "", instance: "open", target, expect: expected }, named, live.world);
      });

    if (kind === "route")
      test("a target in absolute form names its host, whatever Host says", async () => {
        const path = `${naming.prefixOf("closed")}/v1`;
        const target = `http://${naming.hostOf("closed")}:8080${path}`;
        const entry = { name: "", instance: "closed", target } as const;
        const headers = [["Host", "elsewhere.example.com"]] as const;
        const token = ["Client-Token", "{current}"] as const;
        const passes = { status: 200, forwarded: { target: path } };
        await checkCase({ ...entry, headers: [...headers, token], expect: passes }, live, live.world);
        const missing = rejected(400, "your client-token is not configured", "missing");
        await checkCase({ ...entry, headers, expect: missing }, live, live.world);
      });

    if (kind === "route")
      test("the contract's path leads to the instance that it names, and no further", async () => {
        const headers = [["Client-Token", "{current}"]] as const;
        const of = (rest: string, expected: Parameters<typeof checkCase>[0]["expect"]) =>
          checkCase(
            { name: "", instance: "closed", target: `{base}${rest}`, headers, expect: expected },
            live,
            live.world,
          );
        await of(`${naming.prefixOf("closed")}/v1`, { status: 200, forwarded: {} });
        await of("/v1", rejected(404, "Not found", "not_found"));
        await of(
          `${naming.prefixOf("closed echo")}/v1`,
          rejected(400, "Instance not found", "unknown_instance"),
        );
      });
  });
});
