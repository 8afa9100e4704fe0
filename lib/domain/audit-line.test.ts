import { expect, test } from "vitest";
import { chain } from "@/test/support/audit-chain";
import { csvField, csvHead, csvLine } from "./audit-line";

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "%0A", "|calc"])(
  "a spreadsheet does not calculate %j",
  (text) => expect(csvField(text)).toBe(`"'${text}"`),
);

test("quotes, commas and line breaks stay inside their field", () => {
  expect(csvField('a "b", c\r\nd')).toBe('"a ""b"", c\r\nd"');
  expect(csvField('",=1')).toBe('""",=1"');
  expect(csvField("")).toBe('""');
});

test("every line has the columns of the first one", () => {
  const [event] = chain(1);
  if (!event) throw new Error("no event");
  const fields = (line: string) => line.replace("\ufeff", "").trimEnd().slice(1, -1).split('","');
  expect(fields(csvHead())).toHaveLength(fields(csvLine(event)).length);
  expect(csvHead()).toMatch(/^\ufeff"seq","time","action","actor",.*"hash"\r\n$/);
  const evil = csvLine({ ...event, target: '=HYPERLINK("http://x")', details: { from: "=1" } });
  expect(evil).toContain(`"'=HYPERLINK(""http://x"")"`);
  expect(evil.match(/(?:^|,)"=/)).toBeNull();
});
