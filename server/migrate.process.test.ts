import { randomBytes } from "node:crypto";
import { afterEach, expect, it } from "vitest";
import { killLaunched, launch } from "../test/support/launched";

afterEach(killLaunched);

it("several processes that migrate a new database at once agree on who does it", async () => {
  const url = new URL(process.env.DATABASE_URL ?? "");
  url.pathname = `/at_once_${randomBytes(6).toString("hex")}`;
  const all = [1, 2, 3, 4].map(() => launch("latchkey.js", { DATABASE_URL: url.href }, ["migrate"]));
  expect(await Promise.all(all.map((one) => one.ends()))).toEqual([0, 0, 0, 0]);
  const said = all.map((one) => one.output());
  expect(said.filter((text) => text.includes("Applied 2"))).toHaveLength(1);
  expect(said.filter((text) => text.includes("is up to date"))).toHaveLength(3);
});

it("migrating without a database says what to set", async () => {
  const alone = launch("latchkey.js", {}, ["migrate"]);
  expect(await alone.ends()).toBe(1);
  expect(alone.output()).toContain("set DATABASE_URL");
});
