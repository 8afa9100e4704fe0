import pg from "pg";
import { expect, test } from "vitest";
import { parseTime } from "./pool";

test.each([
  "2026-11-30 10:11:12+00",
  "2026-11-30 10:11:12.5+00",
  "2026-11-30 10:11:12.123456+00",
  "2026-11-30 08:11:12.123-03",
  "2026-11-30 15:41:12+05:30",
  "1969-12-31 23:59:59.999+00",
  "0044-03-15 12:00:00+00 BC",
  "12026-01-01 00:00:00+00",
  "infinity",
])("the time %s is read as node-postgres reads it", (text) => {
  const usual: unknown = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)(text);
  expect(parseTime(text)).toEqual(usual);
});
