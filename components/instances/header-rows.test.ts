import { describe, expect, it } from "vitest";
import { withNewRow, withRow } from "@/components/ui/rows";
import { afterSaving, errorsByRow, isKept, newRow, openRefused, storedRows, toHeaders } from "./header-rows";

const stored = storedRows(["apikey", "X-Tenant"]);

describe("header rows", () => {
  it("keep what the server holds", () => {
    expect(toHeaders(stored)).toEqual([
      { name: "apikey", value: null },
      { name: "X-Tenant", value: null },
    ]);
  });

  it("send a typed value only for the row it was typed in", () => {
    const rows = withRow(stored, 1, { replacing: true, value: "7" });
    expect(toHeaders(rows)).toEqual([
      { name: "apikey", value: null },
      { name: "X-Tenant", value: "7" },
    ]);
  });

  it("send an empty new value as empty, never as kept", () => {
    const rows = withRow([newRow(0)], 0, { name: "a" });
    expect(toHeaders(rows)).toEqual([{ name: "a", value: "" }]);
  });

  it("give a new row a key of its own after others were removed", () => {
    const rows = withNewRow(stored.slice(1), newRow);
    expect(new Set(rows.map((row) => row.key)).size).toBe(2);
  });

  it("forget typed values after saving", () => {
    const rows = afterSaving(withRow(withNewRow(stored, newRow), 2, { name: " new ", value: "secret" }));
    expect(JSON.stringify(rows)).not.toContain("secret");
    expect(rows.every(isKept)).toBe(true);
    expect(rows.at(-1)?.name).toBe("new");
  });
});

describe("errorsByRow", () => {
  it("finds the row by its place among those sent", () => {
    const sent = stored.slice(1);
    const errors = errorsByRow(sent, [
      { field: "headers.0.value", code: "required" },
      { field: "headers.0.name", code: "header_name" },
      { field: "upstreamUrl", code: "url_invalid" },
      { field: "headers.9.name", code: "required" },
      { field: "headers", code: "headers_too_many" },
    ]);
    expect([...errors.keys()]).toEqual([1]);
    expect(errors.get(1)?.value?.code).toBe("required");
    expect(errors.get(1)?.name?.code).toBe("header_name");
  });

  it("opens a kept row whose value is asked for", () => {
    const errors = errorsByRow(stored, [{ field: "headers.1.value", code: "required" }]);
    expect(openRefused(stored, errors).map(isKept)).toEqual([true, false]);
  });
});
