import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { ConformanceCase } from "./case";
import { answers } from "./upstream-answers";

function caches(name: string, headers: readonly HeaderLine[], told: string, status = 200): ConformanceCase {
  const shared = [
    "cdn-cache-control",
    "cloudflare-cdn-cache-control",
    "surrogate-control",
    "x-accel-expires",
  ];
  const none = Object.fromEntries(shared.map((field) => [field, null]));
  return answers(name, { status, headers }, { headers: { "cache-control": told, ...none } });
}

/** No cache that several callers share keeps an answer: it would outlive the decision. */
export const responseCachingCases: readonly ConformanceCase[] = [
  caches("an answer without a rule is for its caller's cache", [], "private"),
  caches("so is one with a date only", [["Expires", "Fri, 01 Jan 2100 00:00:00 GMT"]], "private"),
  caches(
    "so is a public one",
    [["Cache-Control", "public, max-age=60, s-maxage=600, stale-while-revalidate=5"]],
    "private, max-age=60, stale-while-revalidate=5",
  ),
  caches(
    "so is one that is checked again",
    [["Cache-Control", 'must-revalidate, PUBLIC, no-cache="a, b"']],
    'private, must-revalidate, no-cache="a, b"',
  ),
  caches(
    "so is one of which a part was private",
    [["Cache-Control", 'private="x-a, x-b", max-age=1']],
    "private, max-age=1",
  ),
  caches(
    "so is one whose rules stand on several lines",
    [
      ["Cache-Control", "max-age=1"],
      ["Cache-Control", "public"],
    ],
    "private, max-age=1",
  ),
  caches("what nobody may keep stays so", [["Cache-Control", "no-store, public"]], "no-store"),
  caches(
    "unless a cache could set that aside",
    [["Cache-Control", "must-understand, no-store"]],
    "private, must-understand, no-store",
  ),
  caches(
    "rules that cannot be read keep everybody from it",
    [["Cache-Control", 'max-age=1; public "']],
    "private, no-store",
  ),
  caches(
    "an answer not modified is for its caller's cache",
    [["Cache-Control", "public, max-age=9"]],
    "private, max-age=9",
    304,
  ),
  caches("an error is for its caller's cache", [["Cache-Control", "public"]], "private", 404),
  caches(
    "rules for shared caches alone stay here",
    [
      ["CDN-Cache-Control", "max-age=9"],
      ["Cloudflare-CDN-Cache-Control", "max-age=9"],
      ["Surrogate-Control", "max-age=9"],
      ["X-Accel-Expires", "9"],
    ],
    "private",
  ),
];
