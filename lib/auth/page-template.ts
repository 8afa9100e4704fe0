/** What the dashboard's own paths are made of. Whatever else stands in a path is somebody's value. */
const words = new Set([
  "accounts",
  "activity",
  "api",
  "audit-key",
  "auth",
  "callback",
  "change-address",
  "export",
  "forgot",
  "instances",
  "invitation",
  "link",
  "live",
  "login",
  "oidc",
  "overview",
  "presence",
  "prove",
  "provider",
  "register",
  "rejected",
  "reset-password",
  "second-step",
  "security",
  "settings",
  "two-step",
  "verify-address",
]);

const mostSegments = 6;

/**
 * A path of the dashboard as its template, for the log: only words of our own are kept, everything else is
 * `{…}`, and queries are left out.
 */
export function pageTemplate(path: string): string {
  const segments = (path.split(/[?#]/, 1)[0] ?? "").split("/").slice(1);
  const kept = segments.slice(0, mostSegments).map((each) => (each === "" || words.has(each) ? each : "{…}"));
  return `/${kept.join("/")}${segments.length > mostSegments ? "/{…}" : ""}`;
}
