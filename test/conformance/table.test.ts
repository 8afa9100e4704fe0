import { beforeAll, describe, expect, test } from "vitest";
import { checkCase } from "./check";
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
