import type { ConformanceCase } from "./case";
import { answers } from "./upstream-answers";

/** Statuses and bodies of an upstream as a client gets them. */
export const responseStatusCases: readonly ConformanceCase[] = [
  answers("an answer without a type gets none", { body: "hi" }, { headers: { "content-type": null } }),
  answers(
    "the length passes",
    { headers: [["Content-Length", "2"]], body: "hi" },
    {
      body: "hi",
      headers: { "content-length": "2", "transfer-encoding": null },
    },
  ),
  answers(
    "a coded body passes as it is",
    { headers: [["Content-Encoding", "br"]], body: "\x0b\x00\xff" },
    {
      body: "\x0b\x00\xff",
      headers: { "content-encoding": "br" },
    },
  ),
  answers(
    "a redirect is an answer",
    { status: 302, headers: [["Location", "http://other.test:1/x"]] },
    {
      headers: { location: "http://other.test:1/x" },
    },
  ),
  answers(
    "a permanent redirect keeps its method",
    { status: 308, headers: [["Location", "y"]] },
    {
      headers: { location: "y" },
    },
    "POST",
  ),
  answers(
    "401 keeps its challenge",
    { status: 401, headers: [["WWW-Authenticate", 'Bearer realm="x"']], body: "no" },
    {
      body: "no",
      headers: { "www-authenticate": 'Bearer realm="x"' },
    },
  ),
  answers(
    "several challenges pass",
    {
      status: 401,
      headers: [
        ["WWW-Authenticate", "Basic"],
        ["WWW-Authenticate", "Bearer"],
      ],
    },
    { headers: { "www-authenticate": "Basic, Bearer" } },
  ),
  answers(
    "an upstream's own 403 is not the gate's",
    { status: 403, body: '{"error":"null not allowed"}' },
    {
      headers: { "latchkey-reason": null },
    },
  ),
  answers("an upstream's 500 passes", { status: 500, body: "broken" }, { body: "broken" }),
  answers("a status beyond the standard passes", { status: 799, body: "odd" }, { body: "odd" }),
  answers("204 has no body", { status: 204 }, { body: "", headers: { "transfer-encoding": null } }),
  answers(
    "205 has no body, whatever its length says",
    { status: 205, headers: [["Content-Length", "2"]], body: "ok" },
    { body: "", headers: { "transfer-encoding": null } },
  ),
  answers(
    "304 keeps its validators",
    { status: 304, headers: [["ETag", '"x"']] },
    { body: "", headers: { etag: '"x"' } },
  ),
  answers(
    "HEAD keeps the length of what GET would send",
    { headers: [["Content-Length", "2"]] },
    {
      body: "",
      headers: { "content-length": "2" },
    },
    "HEAD",
  ),
];
