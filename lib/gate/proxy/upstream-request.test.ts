import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergedName } from "@/lib/domain/forwarded-headers";
import { pairLines } from "@/test/conformance/case";
import { testRequest } from "@/test/support/gate";
import { headerField, isEndToEnd, namedByConnection } from "../headers";
import { upstreamHeaders, usableOwnHeaders } from "./upstream-request";

const ownHeaders = usableOwnHeaders([
  ["X-Tenant", "ours"],
  ["app_key", "ours"],
]);

const linesFor = (headers: readonly string[]) =>
  pairLines(
    upstreamHeaders(testRequest({ headers }), {
      ownOrigin: true,
      sides: null,
      tokenHeader: null,
      ownHeaders,
    }),
  );

/** What a field name may hold between letters and digits (RFC 9110 §5.6.2). */
const separator = fc.constantFrom(..."!#$%&'*+-.^_`|~");

/** A name in any writing that a CGI program takes for this one. */
const writingOf = (name: string) =>
  fc
    .tuple(...[...name].map((letter) => (letter === "-" ? separator : fc.constant(letter))))
    .map((letters) => letters.join(""));

/** All that the gate sets, owns or adds, as an upstream reads it; and what must not reach it at all. */
const guarded = [
  ...linesFor([]).map(([name]) => mergedName(name)),
  ...["client-token", "x-real-ip", "x-forwarded-port", "x-forwarded-prefix", "x-latchkey-peer", "host"],
  ...["content-length", "transfer-encoding", "keep-alive", "proxy-authorization", "proxy-connection", "te"],
];

describe("what an upstream gets", () => {
  test("holds nothing of a client under any name that a server could take for one of ours", () => {
    fc.assert(
      fc.property(fc.constantFrom(...guarded).chain(writingOf), fc.boolean(), (name, named) => {
        const lines = linesFor([name, "claimed", ...(named ? ["connection", name] : [])]);
        expect(
          lines.filter(([, value]) => value.includes("claimed") && value !== "claimed, 1.1 latchkey"),
        ).toEqual([]);
        const merged = lines.map(([line]) => mergedName(line));
        expect(new Set(merged).size).toBe(merged.length);
      }),
    );
  });

  test("holds everything else, whatever its name", () => {
    fc.assert(
      fc.property(writingOf("x-api-key-2"), (name) => {
        expect(linesFor([name, "theirs"])).toContainEqual([name, "theirs"]);
      }),
    );
  });

  test("holds no stored header that would pass for what the gate says", () => {
    expect(
      usableOwnHeaders([
        ["X_Forwarded.For", "9.9.9.9"],
        ["Content_Length", "5"],
      ]).lines,
    ).toEqual([]);
  });
});

test("Connection takes nothing away by which a length, a host or a client is known", () => {
  const named = namedByConnection(["connection", "close, content-length, Host, X-Forwarded-For, x-other"]);
  const isKept = (name: string) => isEndToEnd(headerField(name), named);
  expect(["content-length", "host", "x-forwarded-for", "x-other"].filter(isKept)).toEqual([
    "content-length",
    "host",
    "x-forwarded-for",
  ]);
});
