import { describe, expect, it } from "vitest";
import { moved, type SecurityPlace, securityHref, securityPlace } from "./security-place";

const everything: SecurityPlace = {
  callers: "rejected",
  caller: "n8n & ço%",
  shown: "40",
  unfold: "0b54",
  search: "a&page=9 +ç%",
  page: "3",
};

const read = (href: string) => securityPlace(Object.fromEntries(new URL(href, "http://x").searchParams));

describe("places on the Security page", () => {
  it("are written so that they are read back", () => {
    expect(read(securityHref(everything, "preflight"))).toEqual(everything);
  });

  it("leave defaults out, and take repeated or unknown parameters for none", () => {
    expect(securityHref({ callers: "", page: undefined }, "preflight")).toBe("/security#preflight");
    expect(securityPlace({ caller: ["a", "b"], page: "", theme: "x" })).toEqual({});
  });

  it.each(["callers", "caller", "shown", "unfold", "search", "page"] as const)(
    "keep the rest when %s changes",
    (key) => {
      const { [key]: _, ...rest } = everything;
      expect(read(securityHref(moved(everything, { [key]: undefined }), "x"))).toEqual(rest);
      expect(read(securityHref(moved(everything, { [key]: "7" }), "x"))).toEqual({ ...rest, [key]: "7" });
    },
  );
});
