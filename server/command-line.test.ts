import { describe, expect, it } from "vitest";
import { defineCommand, UsageError } from "./command";
import { contextOf, readArguments } from "./command-line";
import { nearest } from "./nearest";

const command = defineCommand({
  name: "doctor",
  operands: "[FILE]",
  options: { to: { type: "string", value: "PLACE" }, deep: { type: "boolean", short: "d" } },
  secrets: { passphrase: { environment: "LATCHKEY_TEST_PASSPHRASE" } },
  json: true,
  run: async () => 0,
});

describe("arguments of a command", () => {
  it("are options, their values, and operands, in any order", () => {
    const { options, operands, json } = contextOf(
      command,
      readArguments(command, ["-d", "file", "--to=here", "--json", "--", "--deep"]),
    );
    expect({ ...options }).toEqual({ deep: true, to: "here", json: true });
    expect([operands, json]).toEqual([["file", "--deep"], true]);
  });

  it("hold no secret: the option for one says where it is read from", () => {
    for (const args of [["--passphrase=hunter22"], ["--passphrase", "hunter22"]]) {
      const read = () => readArguments(command, args);
      expect(read).toThrow(UsageError);
      expect(read).toThrow(/--passphrase-file=FILE .* LATCHKEY_TEST_PASSPHRASE/);
      expect(read).not.toThrow(/hunter22/);
    }
  });

  it("a secret comes from the first line of its file, else from its variable", async () => {
    process.env.LATCHKEY_TEST_PASSPHRASE = "from the environment";
    const secretWith = (args: string[]) =>
      contextOf(command, readArguments(command, args)).secret("passphrase");
    expect(await secretWith([])).toBe("from the environment");
    expect(await secretWith([`--passphrase-file=${import.meta.filename}`])).toMatch(/^import /);
    await expect(secretWith(["--passphrase-file=/nowhere"])).rejects.toThrow(
      /\/nowhere cannot be read \(ENOENT\)/,
    );
    delete process.env.LATCHKEY_TEST_PASSPHRASE;
    expect(await secretWith([])).toBeUndefined();
  });
});

describe("what was probably meant", () => {
  it.each([
    ["jsno", "json"],
    ["mail", "mail-to"],
    ["maill-to", "mail-to"],
    ["x", undefined],
    ["completely-else", undefined],
  ])("%s: %s", (given, meant) => {
    expect(nearest(given, ["json", "mail-to", "refresh"])).toBe(meant);
  });
});
