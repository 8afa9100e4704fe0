import { expect, it } from "vitest";
import { fixPlaces, isTokenRejection, tokenRejections } from "./rejection";
import { trafficReasons } from "./traffic";

it("knows where to mend every reason that traffic is counted under", () => {
  expect(Object.keys(fixPlaces).sort()).toEqual([...trafficReasons].sort());
});

it("tells rejections for the token from all others", () => {
  expect(trafficReasons.filter(isTokenRejection).sort()).toEqual([...tokenRejections].sort());
  for (const outcome of ["accepted", "address", "instance_paused", "other", ""]) {
    expect(isTokenRejection(outcome)).toBe(false);
  }
});
