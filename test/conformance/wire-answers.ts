import type { HeaderLine } from "./case";
import type { WireScript } from "./upstreams";

/** What a client must get. */
interface WireExpectation {
  readonly status: number;
  readonly body?: string;
  /** The gate answers in the upstream's place; the body is `{"error": …}`. */
  readonly error?: string;
  readonly reason?: string;
  /** null: must be absent. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** Bytes of an upstream as they are on the wire, and what a client gets from them. */
interface WireAnswer extends WireScript {
  readonly name: string;
  readonly method?: string;
  /** What the client asks with, besides its method. */
  readonly headers?: readonly HeaderLine[];
  readonly body?: string;
  readonly expect: WireExpectation;
}

const lines = (...given: readonly string[]) => `${given.join("\r\n")}\r\n\r\n`;
const ok = `${lines("HTTP/1.1 200 OK", "Content-Length: 2")}ok`;
const unreachable = { status: 502, error: "Upstream unreachable", reason: "upstream_unreachable" };
const tooLarge = {
  status: 502,
  error: "Upstream headers too large",
  reason: "upstream_headers_too_large",
};
const posted = {
  method: "POST",
  headers: [["Content-Length", "4"]],
  body: "body",
} as const satisfies Partial<WireAnswer>;

/** A head with one field of so many bytes, name and value together. */
const headOf = (bytes: number) =>
  `${lines("HTTP/1.1 200 OK", "Content-Length: 2", `X-Long: ${"a".repeat(bytes - 6 - 15)}`)}ok`;

const bodyless: readonly WireAnswer[] = [
  {
    name: "204 with a length",
    bytes: lines("HTTP/1.1 204 No Content", "Content-Length: 2"),
    expect: { status: 204, body: "", headers: { "content-length": null, "transfer-encoding": null } },
  },
  {
    name: "204 with a length of 0, to POST",
    ...posted,
    bytes: lines("HTTP/1.1 204 No Content", "Content-Length: 0"),
    expect: { status: 204, body: "", headers: { "content-length": null, "transfer-encoding": null } },
  },
  {
    name: "204 in chunks",
    bytes: lines("HTTP/1.1 204 No Content", "Transfer-Encoding: chunked"),
    expect: { status: 204, body: "", headers: { "transfer-encoding": null } },
  },
  {
    name: "304 with the length of what 200 would have",
    bytes: lines("HTTP/1.1 304 Not Modified", "Content-Length: 2", 'ETag: "x"'),
    expect: {
      status: 304,
      body: "",
      headers: { etag: '"x"', "content-length": "2", "transfer-encoding": null },
    },
  },
  {
    name: "304 in chunks",
    bytes: lines("HTTP/1.1 304 Not Modified", "Transfer-Encoding: chunked"),
    expect: { status: 304, body: "", headers: { "transfer-encoding": null } },
  },
  {
    name: "304 to HEAD, with a length",
    method: "HEAD",
    bytes: lines("HTTP/1.1 304 Not Modified", "Content-Length: 2"),
    expect: { status: 304, body: "", headers: { "content-length": "2" } },
  },
  {
    name: "205 with a body",
    bytes: `${lines("HTTP/1.1 205 Reset Content", "Content-Length: 2")}ok`,
    expect: { status: 205, body: "", headers: { "content-length": "0", "transfer-encoding": null } },
  },
  {
    name: "205 with a length and no body",
    bytes: lines("HTTP/1.1 205 Reset Content", "Content-Length: 2"),
    expect: { status: 205, body: "", headers: { "content-length": "0", "transfer-encoding": null } },
  },
  {
    name: "205 without a length, on a connection that stays open",
    bytes: lines("HTTP/1.1 205 Reset Content"),
    expect: { status: 205, body: "", headers: { "content-length": "0", "transfer-encoding": null } },
  },
  {
    name: "205 in chunks",
    bytes: `${lines("HTTP/1.1 205 Reset Content", "Transfer-Encoding: chunked")}0\r\n\r\n`,
    expect: { status: 205, body: "", headers: { "content-length": "0", "transfer-encoding": null } },
  },
  {
    name: "HEAD with a length",
    method: "HEAD",
    bytes: lines("HTTP/1.1 200 OK", "Content-Length: 2"),
    expect: { status: 200, body: "", headers: { "content-length": "2" } },
  },
  {
    name: "HEAD in chunks",
    method: "HEAD",
    bytes: lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"),
    expect: { status: 200, body: "", headers: { "content-length": null } },
  },
  {
    name: "HEAD with neither length nor chunks",
    method: "HEAD",
    bytes: lines("HTTP/1.1 200 OK"),
    expect: { status: 200, body: "", headers: { "content-length": null } },
  },
];

const informational: readonly WireAnswer[] = [
  {
    name: "100 that nobody asked for",
    bytes: lines("HTTP/1.1 100 Continue") + ok,
    expect: { status: 200, body: "ok" },
  },
  {
    name: "100 that nobody asked for, to POST",
    ...posted,
    bytes: lines("HTTP/1.1 100 Continue") + ok,
    expect: { status: 200, body: "ok" },
  },
  {
    name: "100 with fields and without a reason",
    ...posted,
    bytes: lines("HTTP/1.1 100 ", "X-Interim: 1") + ok,
    expect: { status: 200, body: "ok", headers: { "x-interim": null } },
  },
  {
    name: "several of them, 100 among others",
    ...posted,
    bytes:
      lines("HTTP/1.1 102 Processing") +
      lines("HTTP/1.1 100 Continue") +
      lines("HTTP/1.1 103 Early Hints", "Link: </a>; rel=preload") +
      lines("HTTP/1.1 100 Continue") +
      lines("HTTP/1.1 199 Odd") +
      ok,
    expect: { status: 200, body: "ok", headers: { link: null } },
  },
  {
    name: "100 before an answer without a body",
    method: "PUT",
    bytes: lines("HTTP/1.1 100 Continue") + lines("HTTP/1.1 204 No Content"),
    expect: { status: 204, body: "" },
  },
  {
    name: "100 before HEAD's answer",
    method: "HEAD",
    bytes: lines("HTTP/1.1 100 Continue") + lines("HTTP/1.1 200 OK", "Content-Length: 9"),
    expect: { status: 200, body: "", headers: { "content-length": "9" } },
  },
  {
    name: "a body that looks like 100",
    bytes: `${lines("HTTP/1.1 200 OK", "Content-Length: 25")}HTTP/1.1 100 Continue\r\n\r\n`,
    expect: { status: 200, body: "HTTP/1.1 100 Continue\r\n\r\n" },
  },
  {
    name: "100 and nothing else",
    bytes: lines("HTTP/1.1 100 Continue"),
    ends: true,
    expect: unreachable,
  },
  {
    name: "101 that nobody asked for",
    ...posted,
    bytes: lines("HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: h2c"),
    expect: unreachable,
  },
  {
    name: "101 without a protocol",
    bytes: lines("HTTP/1.1 101 Switching Protocols"),
    expect: unreachable,
  },
];

const framing: readonly WireAnswer[] = [
  {
    name: "both a length and chunks",
    bytes: `${lines("HTTP/1.1 200 OK", "Content-Length: 2", "Transfer-Encoding: chunked")}2\r\nok\r\n0\r\n\r\n`,
    expect: unreachable,
  },
  {
    name: "both chunks and a length",
    bytes: `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Content-Length: 2")}2\r\nok\r\n0\r\n\r\n`,
    expect: unreachable,
  },
  {
    name: "the same length twice",
    bytes: `${lines("HTTP/1.1 200 OK", "Content-Length: 2", "Content-Length: 2")}ok`,
    expect: unreachable,
  },
  {
    name: "a list of lengths",
    bytes: `${lines("HTTP/1.1 200 OK", "Content-Length: 2, 2")}ok`,
    expect: unreachable,
  },
  {
    name: "a negative length",
    bytes: lines("HTTP/1.1 200 OK", "Content-Length: -2"),
    expect: unreachable,
  },
  {
    name: "an empty length",
    bytes: lines("HTTP/1.1 200 OK", "Content-Length:"),
    ends: true,
    expect: unreachable,
  },
  {
    name: "a coding other than chunked",
    bytes: `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: gzip")}ok`,
    ends: true,
    expect: unreachable,
  },
  {
    name: "a coding before chunked",
    bytes: `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: gzip, chunked")}0\r\n\r\n`,
    expect: unreachable,
  },
  {
    name: "chunked twice",
    bytes: `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked")}2\r\nok\r\n0\r\n\r\n`,
    expect: unreachable,
  },
  {
    name: "chunked in capitals",
    bytes: `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: Chunked")}2\r\nok\r\n0\r\n\r\n`,
    expect: { status: 200, body: "ok" },
  },
  {
    name: "chunk extensions",
    bytes: `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")}2;a=b;c="d;e"\r\nok\r\n0;x\r\n\r\n`,
    expect: { status: 200, body: "ok" },
  },
  {
    name: "chunks of none",
    bytes: `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")}0\r\n\r\n`,
    expect: { status: 200, body: "" },
  },
  {
    name: "trailers behind chunks",
    bytes: `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")}2\r\nok\r\n0\r\nX-Check: 1\r\n\r\n`,
    expect: { status: 200, body: "ok" },
  },
  {
    name: "a body up to the end of the connection",
    bytes: `${lines("HTTP/1.1 200 OK")}all of it`,
    ends: true,
    expect: { status: 200, body: "all of it" },
  },
  {
    name: "HTTP/1.0, a body up to the end of the connection",
    bytes: `${lines("HTTP/1.0 200 OK", "Content-Type: text/x")}all of it`,
    ends: true,
    expect: { status: 200, body: "all of it", headers: { "content-type": "text/x" } },
  },
  {
    name: "HTTP/1.0 with a length",
    bytes: `${lines("HTTP/1.0 200 OK", "Content-Length: 2")}ok`,
    expect: { status: 200, body: "ok", headers: { "content-length": "2" } },
  },
  {
    name: "HTTP/1.0 that keeps its connection",
    bytes: `${lines("HTTP/1.0 200 OK", "Connection: keep-alive", "Content-Length: 2")}ok`,
    expect: { status: 200, body: "ok", headers: { "content-length": "2" } },
  },
  {
    name: "close, with the fields that stay here",
    bytes: `${lines("HTTP/1.1 200 OK", "Connection: close, X-Hop", "X-Hop: 1", "Content-Length: 2")}ok`,
    expect: { status: 200, body: "ok", headers: { "x-hop": null } },
  },
];

const heads: readonly WireAnswer[] = [
  {
    name: "an empty reason phrase",
    bytes: `${lines("HTTP/1.1 200 ", "Content-Length: 2")}ok`,
    expect: { status: 200, body: "ok" },
  },
  {
    name: "no reason phrase and no space before it",
    bytes: `${lines("HTTP/1.1 200", "Content-Length: 2")}ok`,
    expect: { status: 200, body: "ok" },
  },
  {
    name: "bytes above ASCII in reason and value",
    bytes: `${lines("HTTP/1.1 200 \xc3\xa9\xff", "X-Name: caf\xe9 \x80\xff", "Content-Length: 2")}ok`,
    expect: { status: 200, body: "ok", headers: { "x-name": "caf\xe9 \x80\xff" } },
  },
  {
    name: "a control character in a value",
    bytes: `${lines("HTTP/1.1 200 OK", "X-Name: a\x01b", "Content-Length: 2")}ok`,
    expect: unreachable,
  },
  {
    name: "a NUL in a value",
    bytes: `${lines("HTTP/1.1 200 OK", "X-Name: a\0b", "Content-Length: 2")}ok`,
    expect: unreachable,
  },
  {
    name: "a space before a colon",
    bytes: `${lines("HTTP/1.1 200 OK", "X-Name : a", "Content-Length: 2")}ok`,
    expect: unreachable,
  },
  {
    name: "a folded line",
    bytes: `${lines("HTTP/1.1 200 OK", "X-Name: a", " b", "Content-Length: 2")}ok`,
    expect: unreachable,
  },
  {
    name: "an empty value",
    bytes: `${lines("HTTP/1.1 200 OK", "X-Name:", "Content-Length: 2")}ok`,
    expect: { status: 200, body: "ok", headers: { "x-name": "" } },
  },
  ...["000", "001", "099"].map((status) => ({
    name: `status ${status}`,
    bytes: `${lines(`HTTP/1.1 ${status} Odd`, "Content-Length: 2")}ok`,
    expect: unreachable,
  })),
  ...[600, 799, 999].map((status) => ({
    name: `status ${status}`,
    bytes: `${lines(`HTTP/1.1 ${status} Odd`, "Content-Length: 2")}ok`,
    expect: { status, body: "ok" },
  })),
  ...["20", "1000", "2x0", "-20", ""].map((status) => ({
    name: `status ${status || "of nothing"}`,
    bytes: `${lines(`HTTP/1.1 ${status} Odd`, "Content-Length: 2")}ok`,
    expect: unreachable,
  })),
  {
    name: "a version that is none",
    bytes: `${lines("HTTP/3.7 200 OK", "Content-Length: 2")}ok`,
    expect: unreachable,
  },
  {
    name: "HTTP/0.9",
    bytes: "just a page",
    ends: true,
    expect: unreachable,
  },
  {
    name: "a head of 64 KB",
    bytes: headOf(64 * 1024),
    expect: { status: 200, body: "ok" },
  },
  {
    name: "a head of more than 64 KB",
    bytes: headOf(64 * 1024 + 1),
    expect: tooLarge,
  },
  {
    name: "a head of more than 64 KB, to POST",
    ...posted,
    bytes: headOf(200_000),
    expect: tooLarge,
  },
];

/** Every form of an answer that RFC 9110 and 9112 know, and some that they forbid. */
export const wireAnswerCases: readonly WireAnswer[] = [...bodyless, ...informational, ...framing, ...heads];
