import { describe, expect, test } from "vitest";
import { BenchError, measurementNames, parseOptions } from "./options";

describe("the command line", () => {
  test("asks for every measurement and writes the page when it says nothing", () => {
    expect(parseOptions([])).toEqual({
      measurements: Object.keys(measurementNames),
      only: null,
      against: null,
      quick: false,
      rounds: null,
      json: false,
      profile: null,
      write: true,
    });
  });

  test("measures as often as it is told, and makes no page of that; a number that is none is refused by name", () => {
    expect(parseOptions(["--rounds=25"])).toMatchObject({ rounds: 25, write: false });
    for (const none of ["0", "2.5", "many", "1000", ""])
      expect(() => parseOptions([`--rounds=${none}`]), none).toThrow(/--rounds/);
  });

  test("keeps the order of measurements whatever order they are named in", () => {
    expect(parseOptions(["growth", "peers"]).measurements).toEqual(["peers", "growth"]);
  });

  test("does not write the page after an incomplete run, unless told to", () => {
    expect(parseOptions(["--quick"]).write).toBe(false);
    expect(parseOptions(["peers"]).write).toBe(false);
    expect(parseOptions(["--only=nginx"]).write).toBe(false);
    expect(parseOptions(["peers", "--write"]).write).toBe(true);
    expect(parseOptions(["--no-write"]).write).toBe(false);
  });

  test("compares only the peers it names, and makes no other measurement then", () => {
    const options = parseOptions(["--only=nginx,undici"]);
    expect(options.only).toEqual(["nginx", "undici"]);
    expect(options.measurements).toEqual(["peers"]);
  });

  test("compares with another checkout under the same Node.js unless one is named, and makes no page of it", () => {
    const { against, measurements, write } = parseOptions(["--against=/other"]);
    expect(against).toEqual({ folder: "/other", node: process.execPath });
    expect(measurements).toEqual(["peers"]);
    expect(write).toBe(false);
    expect(parseOptions(["--against=/other,/usr/bin/node"]).against?.node).toBe("/usr/bin/node");
  });

  test("is refused with the usage when it cannot be meant", () => {
    expect(() => parseOptions(["speed"])).toThrow(/no measurement "speed"[\s\S]*--quick/);
    expect(() => parseOptions(["--fast"])).toThrow(BenchError);
  });
});
