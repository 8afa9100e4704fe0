import { beforeAll, describe, expect, test } from "vitest";
import { answerStyles } from "@/lib/domain/answer-style";
import { rejected } from "./case";
import { checkCase } from "./check";
import { caseInStyle, casesFor, namedDoor, namedWorld, newNaming } from "./naming";
import { pipelineDoor } from "./pipeline-door";
import { conformanceTable } from "./table";
import { makeWorld } from "./world";

const world = makeWorld("pipeline");

beforeAll(() => {
  process.env.LATCHKEY_SECRET ??= "conformance-table-secret-0123456789";
});

describe("the wire contract, in the pipeline alone", () => {
  test("has at least 60 lines, each with its own name in its group", () => {
    expect(conformanceTable.length).toBeGreaterThanOrEqual(60);
  });

  test.each(conformanceTable.map((entry) => [entry.name, entry] as const))("%s", async (_name, entry) => {
    await checkCase(entry, pipelineDoor(world), world);
  });
});

describe.each(["z_api", "unauthorized"] as const)("the wire contract in the style %s", (style) => {
  const entries = conformanceTable.map((entry) => caseInStyle(entry, style, false));

  test.each(entries.map((entry) => [entry.name, entry] as const))("%s", async (_name, entry) => {
    await checkCase(entry, pipelineDoor(world, { style }), world);
  });
});

describe.each(["host", "route"] as const)("the wire contract, named by %s", (kind) => {
  const naming = newNaming(kind);
  const named = namedWorld(world, naming);

  test("is most of the table", () => expect(casesFor(kind).length).toBeGreaterThan(100));

  describe.each(answerStyles)("answered as %s", (style) => {
    const entries = casesFor(kind).map((entry) => caseInStyle(entry, style, kind === "route"));
    const door = namedDoor(pipelineDoor(world, { naming, style }), naming);

    test.each(entries.map((entry) => [entry.name, entry] as const))("%s", (_name, entry) =>
      checkCase(entry, door, named),
    );

    if (kind === "route")
      test("a name of nobody is answered so too", async () => {
        const unknown = caseInStyle(
          {
            name: "",
            instance: "open",
            target: "/s/nobody/v1",
            expect: rejected(404, "Instance not found", "unknown_instance"),
          },
          style,
          true,
        );
        await checkCase(unknown, door, named);
      });
  });
});
