import type { ConformanceCase, HeaderLine } from "./case";
import type { InstanceName } from "./world";

/** The upstream answers with this field, and the caller, who asked for `{base}/v1/list?x=1`, gets that. */
function tells(
  name: string,
  [field, value]: HeaderLine,
  told: string | null,
  more: { status?: number; instance?: InstanceName; headers?: readonly HeaderLine[] } = {},
): ConformanceCase {
  const { status = 200, instance = "open", headers } = more;
  return {
    name,
    instance,
    target: "{base}/v1/list?x=1",
    ...(headers ? { headers } : {}),
    answer: { status, headers: [[field, value]] },
    expect: { status, headers: { [field.toLowerCase()]: told }, forwarded: {} },
  };
}

const redirect = { status: 307 };
const basePath = { status: 302, instance: "base path" } as const;

/** Nothing in an answer leads past the gate, or out of the instance. */
export const responseUrlCases: readonly ConformanceCase[] = [
  tells(
    "a redirect to the upstream stays in the instance",
    ["Location", "{upstream}/items/?a=/b#c"],
    "{base}/items/?a=/b#c",
    redirect,
  ),
  tells(
    "a redirect to the upstream stays in the instance, whatever its case",
    ["Location", "{UPSTREAM}/items"],
    "{base}/items",
    redirect,
  ),
  tells("a redirect to a path stays in the instance", ["Location", "/items/"], "{base}/items/", {
    status: 301,
  }),
  tells("a created resource is in the instance", ["Location", "/items/7"], "{base}/items/7", { status: 201 }),
  tells("a redirect beside the request stays as it is", ["Location", "items/?y"], "items/?y", redirect),
  tells(
    "a redirect cannot climb out of the instance",
    ["Location", "../../../../../login"],
    "{base}/login",
    redirect,
  ),
  tells("a redirect cannot climb out in disguise", ["Location", "..%2f..%2f..%2flogin"], null, redirect),
  tells("a redirect elsewhere passes", ["Location", "https://a.example/x"], "https://a.example/x", redirect),
  tells(
    "a redirect that parsers read differently is dropped",
    ["Location", "http:\\\\a.example"],
    null,
    redirect,
  ),
  tells(
    "a redirect to the host that the caller used stays in the instance",
    ["Location", "http://api.example:8080/items"],
    "{base}/items",
    { ...redirect, headers: [["Host", "api.example:8080"]] },
  ),
  tells(
    "a redirect within the base path",
    ["Location", "{upstream}/base/path/items"],
    "{base}/items",
    basePath,
  ),
  tells("a redirect out of the base path is dropped", ["Location", "/items"], null, basePath),
  tells("a redirect above the base path is dropped", ["Location", "{upstream}/base/"], null, basePath),
  tells("the place of the content is in the instance", ["Content-Location", "{upstream}/a"], "{base}/a"),
  tells("a refresh stays in the instance", ["Refresh", "5; url='/items'"], "5; url={base}/items"),
  tells("a refresh of the same page passes", ["Refresh", "5"], "5"),
  tells(
    "links stay in the instance, each of them",
    [
      "Link",
      '<{upstream}/a?x=1,2>; rel=next; title="a, <b>; c", <?p=2>; rel=x; anchor="/c", <https://a.example/>; rel=y',
    ],
    '<{base}/a?x=1,2>; rel=next; title="a, <b>; c", <?p=2>; rel=x; anchor="{base}/c", <https://a.example/>; rel=y',
  ),
  tells(
    "a link that cannot be told is dropped, and the others stay",
    ["Link", '</other>; rel=a, </base/path/x>; rel=b; imagesrcset="{upstream}/y 2x"'],
    "<{base}/x>; rel=b",
    { instance: "base path" },
  ),
  tells("what is no list of links is dropped", ["Link", "{upstream}/a"], null),
  tells("source maps are in the instance", ["SourceMap", "/a.map"], "{base}/a.map"),
  tells("a field that web libraries follow", ["HX-Redirect", "/login"], "{base}/login"),
  tells(
    "a challenge names no upstream",
    ["WWW-Authenticate", 'Bearer realm="{upstream}/token",service="x"'],
    'Bearer realm="http://api.example{base}/token",service="x"',
    { status: 401, headers: [["Host", "api.example"]] },
  ),
  tells("no other field names the upstream", ["X-Origin", "//user@{upstream host}/x"], "{base}/x"),
  tells("the upstream's own origin needs no CORS", ["Access-Control-Allow-Origin", "{upstream}"], null),
  tells("an upstream cannot name other servers for the host", ["Alt-Svc", 'h3=":443"'], null),
  tells("an upstream cannot order a server in front", ["X-Accel-Redirect", "/internal"], null),
  tells(
    "an upstream cannot have requests of the host reported",
    ["Reporting-Endpoints", 'a="https://a.example"'],
    null,
  ),
];

function requests(name: string, [field, value]: HeaderLine, told: string | null): ConformanceCase {
  return {
    name,
    instance: "base path",
    target: "{base}/v1",
    headers: [
      ["Host", "api.example"],
      [field, value],
    ],
    expect: { status: 200, forwarded: { headers: { [field.toLowerCase()]: told } } },
  };
}

/** No URL in a request brings an instance token to an upstream. */
export const requestUrlCases: readonly ConformanceCase[] = [
  requests(
    "a Referer of the instance is the upstream's",
    ["Referer", "http://api.example{base}/a?b"],
    "{upstream}/base/path/a?b",
  ),
  requests(
    "a Referer of another instance stays here",
    ["Referer", "http://api.example/instances/{other id}/token/{other token}/"],
    null,
  ),
  requests("a Referer of the dashboard stays here", ["Referer", "http://api.example/security"], null),
  requests("a Referer of a page elsewhere passes", ["Referer", "https://a.example/x"], "https://a.example/x"),
  requests(
    "a destination in the instance is the upstream's",
    ["Destination", "http://api.example{base}/b"],
    "{upstream}/base/path/b",
  ),
  requests("a condition on a resource too", ["If", '<{base}/b> (["e"])'], '</base/path/b> (["e"])'),
  requests("an origin passes", ["Origin", "http://api.example"], "http://api.example"),
];
