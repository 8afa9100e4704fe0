import { describe, expect, it } from "vitest";
import { listHref, listQuery } from "./instance-list";

describe("listHref", () => {
  it("leaves defaults out", () => {
    expect(listHref("", 1)).toBe("/instances");
    expect(listHref("", 2)).toBe("/instances?page=2");
  });

  it("writes any search so that it is read back", () => {
    const href = new URL(listHref("a&page=9 +ç%", 3), "http://x");
    expect(listQuery(Object.fromEntries(href.searchParams))).toEqual({ search: "a&page=9 +ç%", page: 3 });
  });
});

describe("listQuery", () => {
  it.each(["0", "-1", "1.5", "1e3", "", "9999999", "x"])("takes page %j for the first", (page) => {
    expect(listQuery({ page }).page).toBe(1);
  });

  it("takes repeated parameters for none", () => {
    expect(listQuery({ search: ["a", "b"], page: ["2", "3"] })).toEqual({ search: "", page: 1 });
  });
});
