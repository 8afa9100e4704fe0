import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { openDataDirectory } from "./folders";
import { checkClock } from "./settings";

describe("a data directory that cannot be one", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "latchkey-folders-"));
    writeFileSync(join(folder, "file"), "");
    symlinkSync("loop", join(folder, "loop"));
    symlinkSync("nowhere/at-all", join(folder, "dangling"));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ["file", /is not a folder/],
    ["file/below", /is not a folder/],
    ["loop", /lead in a circle/],
    ["dangling", /a symbolic link leads nowhere/],
    ["x".repeat(300), /its name is too long/],
  ])("is told in one line that names the setting (%s)", (name, said) => {
    const open = () => openDataDirectory(join(folder, name));
    expect(open).toThrow(said);
    expect(open).toThrow(/^\S+ cannot be used: [^\n]* Mend that, or set LATCHKEY_DATA_DIR\.$/);
  });
});

describe("the clock of the machine", () => {
  afterEach(() => vi.useRealTimers());

  it("is refused where nobody has set it since the machine was switched on", () => {
    vi.useFakeTimers({ now: 60_000 });
    expect(checkClock).toThrow("1970-01-01T00:01:00.000Z. Set it");
    vi.setSystemTime(Date.UTC(2026, 0, 1));
    checkClock();
  });
});
