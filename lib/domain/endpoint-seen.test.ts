import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { fateOfEndpoints } from "./consequence";
import { allowsEndpoint } from "./endpoint";
import { endpointGroups } from "./endpoint-group";
import { type EndpointKind, packEndpointRules, readEndpointRule } from "./endpoint-rule";
import { judgeSeen, seenAbout, seenPath } from "./endpoint-seen";
import { type Preset, presets } from "./preset";

const judged = (
  kind: EndpointKind,
  rules: readonly string[],
  method: string,
  path: string,
  label: string | null = null,
) => judgeSeen(packEndpointRules(kind, rules), { method, path }, label).verdict;

describe("an endpoint as it is remembered", () => {
  test.each([
    ["", "/"],
    ["/", "/"],
    ["/send-text", "/send-text"],
    ["/send-text/", "/send-text/"],
    ["/chats/5511999998888@c.us/messages", "/chats/{}/messages"],
    ["/files/my%20photo.jpg", "/files/{}"],
    ["/a/b/c/d/e/f/g/h/i/j", "/a/b/c/d/e/f/g/h/{*}"],
    ["/a//b", "?"],
    ["/a/%2e%2e/b", "?"],
    ["/{instance}/x", "?"],
  ])("%s is %s", (path, seen) => {
    expect(seenPath(path)).toBe(seen);
  });

  it("has no name and no number in it, is short, and is the template of a rule unless it is unclear", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[!-~]{0,30}$/), { maxLength: 12 }), (parts) => {
        const seen = seenPath(`/${parts.join("/")}`);
        expect(seen.length).toBeLessThanOrEqual(120);
        expect(seen).not.toMatch(/\d{4}/);
        if (seen !== "?") expect(readEndpointRule("GET", seen)).toBe(`GET ${seen}`);
      }),
    );
  });

  it("names an instance by the route that does", () => {
    expect(seenAbout("/message/sendText/{instance}")).toBe("/message/sendText/{instance}");
    expect(seenAbout("/bot{token}/sendMessage/")).toBe("/bot{token}/sendMessage/");
  });
});

const word = fc.constantFrom("instance", "delete", "sendText", "chats", "v1", "list");
const id = fc.constantFrom("5511999998888", "3EB0C431C26A1916E07A", "a:b:1", "x%40y");
const rule = fc
  .tuple(
    fc.constantFrom("*", "GET", "POST"),
    fc.array(fc.oneof(word, fc.constantFrom("{}", "{instance}", "x{}", "{!list}")), { maxLength: 4 }),
    fc.constantFrom("", "/", "/{*}"),
  )
  .map(([method, parts, end]) => `${method} /${parts.join("/")}${parts.length === 0 ? end.slice(1) : end}`);
const path = fc
  .tuple(fc.array(fc.oneof(word, id), { minLength: 1, maxLength: 10 }), fc.constantFrom("", "/"))
  .map(([parts, end]) => `/${parts.join("/")}${end}`);

describe("what is said of an endpoint before", () => {
  it("is what becomes of each of its requests", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("except" as const, "only" as const),
        fc.array(rule, { minLength: 1, maxLength: 4 }),
        fc.constantFrom("GET", "POST", "HEAD", "DELETE"),
        path,
        (kind, rules, method, asked) => {
          const packed = packEndpointRules(kind, rules);
          const passes = allowsEndpoint(packed, { method, path: asked, query: "", headers: [] });
          const { verdict } = judgeSeen(packed, { method, path: seenPath(asked) }, null);
          if (verdict !== "maybe") expect(verdict).toBe(passes ? "passes" : "rejected");
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("is rejected where it is unclear, whatever the rules", () => {
    expect(judged("only", ["* /{*}"], "GET", "?")).toBe("rejected");
    expect(judged("except", ["* /x"], "GET", "?")).toBe("rejected");
  });

  it("knows the instance's name, and says maybe where it does not", () => {
    const rules = ["* /api/sessions/start"];
    expect(judged("except", rules, "POST", "/api/sessions/{instance}", "bakery")).toBe("passes");
    expect(judged("except", rules, "POST", "/api/sessions/{instance}")).toBe("maybe");
    expect(judged("except", ["* /x{}"], "GET", "/{}")).toBe("maybe");
    expect(judged("only", ["* /bot{token}/sendMessage"], "GET", "/bot{token}/sendMessage")).toBe("passes");
  });
});

describe("what rules would do to a caller", () => {
  const now = new Date("2026-11-30T12:00:00Z");
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const seen = (text: string, lastAt = now) => {
    const [method = "", path = ""] = text.split(" ");
    return { method, path, accepted: 1, rejected: 0, lastAt };
  };
  const after = packEndpointRules("except", ["DELETE /instance/delete/{instance}"]);
  const fate = (endpoints: ReturnType<typeof seen>[], more = false, old: string | null = null) =>
    fateOfEndpoints({ endpoints, more }, { before: old, after, label: null }, now);
  const deleting = "DELETE /instance/delete/{instance}";

  test.each([
    ["calls nothing that is rejected", fate([seen("POST /send-text")]), "none"],
    ["calls what is rejected", fate([seen("POST /send-text"), seen(deleting)]), "rejected"],
    ["has not called it for a week", fate([seen(deleting, before(8))]), "maybe"],
    ["may call it", fate([seen("DELETE /instance/{}/{instance}")]), "none"],
    ["calls more than is remembered", fate([seen("POST /send-text")], true), "maybe"],
    ["is rejected already", fate([seen(deleting)], false, after), "none"],
  ])("that %s", (_, found, expected) => {
    expect(found).toBe(expected);
  });
});

describe("groups of a preset", () => {
  test.each(Object.entries<Preset>(presets))(
    "%s are rules, for a service and for an instance that stands alone",
    (id, preset) => {
      const groups = endpointGroups(id);
      expect(groups.map(({ group }) => group)).toEqual(Object.keys(preset.endpoints));
      const alone = endpointGroups(null).filter((each) => each.preset === id);
      for (const { rules } of [...groups, ...alone]) {
        expect(rules.length).toBeGreaterThan(0);
        for (const text of rules) expect(text).toMatch(/^(\*|[A-Z]+) \//);
      }
    },
  );

  const isIn = (preset: string, group: string, call: string) => {
    const rules = endpointGroups(preset).find((each) => each.group === group)?.rules ?? [];
    const [method = "", path = ""] = call.split(" ");
    return !allowsEndpoint(packEndpointRules("except", rules), { method, path, query: "", headers: [] });
  };

  it.each([
    ["evolution", "sending", "POST /message/sendText/foo", "POST /call/offer/foo"],
    [
      "evolution",
      "reading",
      "POST /chat/findMessages/foo",
      "GET /group/participants/foo",
      "GET /label/findLabels/foo",
    ],
    [
      "evolution",
      "administration",
      "DELETE /instance/delete/foo",
      "POST /pusher/set/foo",
      "POST /chatwoot/set/foo",
    ],
    ["evolution", "administration", "POST /baileys/getAuthState/foo", "PUT /typebot/update/1/foo"],
    ["waha", "sending", "POST /api/sendText", "GET /api/sendText", "HEAD /api/sendText", "PUT /api/reaction"],
    ["waha", "reading", "GET /api/messages", "GET /api/contacts", "GET /api/foo/chats/1@c.us/messages"],
    ["waha", "administration", "POST /api/foo/auth/passkey/confirm", "GET /api/foo/auth/qr"],
    ["wppconnect", "sending", "POST /api/foo/send-message", "POST /api/foo:t/send-image"],
    ["wppconnect", "administration", "POST /api/foo/logout-session", "POST /api/foo/set-profile-pic"],
    ["whatsapp-web-js", "sending", "POST /client/sendMessage/foo", "POST /message/reply/foo"],
    ["whatsapp-web-js", "reading", "GET /client/getChats/foo", "POST /chat/fetchMessages/foo"],
    ["whatsapp-web-js", "administration", "GET /session/qr/foo", "GET /session/qr/foo/image"],
    ["wuzapi", "sending", "POST /chat/send/text", "POST /status/set/text"],
    ["wuzapi", "reading", "POST /user/info", "GET /user/lid/1", "GET /group/list", "GET /chat/history"],
    ["wuzapi", "administration", "POST /session/connect", "POST /session/s3/config", "PUT /webhook/update"],
    ["green-api", "sending", "POST /waInstance1/sendPoll/t", "POST /waInstance1/forwardMessages/t"],
    [
      "green-api",
      "reading",
      "GET /waInstance1/lastIncomingMessages/t",
      "DELETE /waInstance1/deleteNotification/t/7",
    ],
    ["green-api", "administration", "GET /waInstance1/qr/t", "POST /waInstance1/getAuthorizationCode/t"],
  ])("of %s have in %s what its documents say of it", (preset, group, ...calls) => {
    expect(calls.filter((call) => !isIn(preset, group, call))).toEqual([]);
  });

  it.each([
    ["evolution", "DELETE /chat/deleteMessageForEveryone/foo", "POST /chat/updateProfileName/foo"],
    ["evolution", "GET /group/acceptInviteCode/foo", "POST /message/sendText/foo"],
    ["waha", "GET /api/sendText", "GET /api/foo/auth/qr", "POST /api/sendText"],
    ["wppconnect", "POST /api/foo/send-message", "POST /api/foo/logout-session"],
    ["whatsapp-web-js", "POST /chat/delete/foo", "POST /contact/block/foo", "POST /message/reply/foo"],
    ["wuzapi", "POST /user/presence", "POST /user/block", "POST /user/privacy"],
    ["green-api", "POST /waInstance1/getAuthorizationCode/t", "POST /waInstance1/setSettings/t"],
  ])("of %s have nothing in reading that changes something", (preset, ...calls) => {
    expect(calls.filter((call) => isIn(preset, "reading", call))).toEqual([]);
  });

  it("begin behind the credential that an upstream URL has", () => {
    const rulesOf = (group: string) =>
      endpointGroups(null).find((each) => `${each.preset} ${each.group}` === group)?.rules;
    expect(rulesOf("z-api administration")).toContain("* /restart");
    expect(rulesOf("telegram administration")).toContain("* /setWebhook");
    expect(rulesOf("evolution sending")).toContain("POST /message/{}/{instance}");
    expect(endpointGroups("unheard of")).toEqual([]);
  });
});
