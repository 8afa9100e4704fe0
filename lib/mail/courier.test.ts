import { expect, test } from "vitest";
import { retrySeconds } from "./courier";

test("pauses between attempts grow from seconds to ten minutes, and no further", () => {
  const pauses = [1, 2, 3, 4, 8, 50, 5000].map(retrySeconds);
  expect(pauses).toEqual([5, 10, 20, 40, 600, 600, 600]);
});
