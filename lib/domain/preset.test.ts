import { describe, expect, it, test } from "vitest";
import { type Preset, presetOffer, presets, routesOf } from "./preset";
import { overlaps, parseRouteTemplate } from "./route-template";
import { recognise, routeFaults, type ServiceNaming } from "./service";

const all = Object.entries<Preset>(presets);

function ask(id: keyof typeof presets, target: string, method = "GET"): string {
  const { strayParameters }: Preset = presets[id];
  const service: ServiceNaming = {
    id,
    hosts: ["x.example.com"],
    routes: routesOf(presets[id]),
    strayParameters,
    tokenHeader: null,
  };
  const directory = {
    serviceOf: (host: string) => (host === "x.example.com" ? service : null),
    isInstanceHost: () => false,
    domain: null,
  };
  const found = recognise({ method, host: "x.example.com", target }, directory);
  if (found.kind === "route")
    return [found.instance ?? found.token, found.token].filter((each) => each !== null).join(" ");
  return found.kind;
}

describe("a service and its preset", () => {
  const { waha } = presets;

  it("say the same in whatever order", () => {
    const routes = waha.routes.toReversed();
    expect(presetOffer({ routes, strayParameters: waha.strayParameters }, waha)).toBeNull();
    expect(presetOffer({ routes, strayParameters: [] }, presets.any)).toBeNull();
  });

  it("differ in what each has alone, methods and places included", () => {
    const old = { template: "/api/{}", methods: ["GET"], query: "session" };
    const [, ...rest] = waha.routes;
    expect(presetOffer({ routes: [old, ...rest], strayParameters: ["token"] }, waha)).toMatchObject({
      missing: ["GET /api/{=messages|screenshot|checkNumberStatus|sendText|contacts|apps} ?session="],
      extra: ["GET /api/{} ?session=", "token"],
    });
  });
});

describe("a preset", () => {
  test.each(all)("%s can be understood in one way", (_, preset) => {
    expect(routeFaults(routesOf(preset))).toEqual([]);
  });

  test.each(all)("%s groups only endpoints that its routes know", (_, preset) => {
    const routes = routesOf(preset);
    for (const endpoint of Object.values(preset.endpoints).flat()) {
      const template = parseRouteTemplate(endpoint.template);
      if (typeof template === "string") throw new Error(`${endpoint.template}: ${template}`);
      expect([endpoint.template, routes.some((route) => overlaps(route.template, template))]).toEqual([
        endpoint.template,
        true,
      ]);
    }
  });

  test.each(all)("%s begins each route with words", (_, preset) => {
    for (const { template } of routesOf(preset)) {
      const [first] = template.segments;
      const isOpen =
        first !== undefined && first.literal === null && first.before === "" && !first.whole?.only;
      expect([template.text, isOpen]).toEqual([template.text, false]);
    }
  });

  test.each(all)("%s has small letters where they are compared", (_, { strayParameters, keyHeader = "" }) => {
    for (const text of [...strayParameters, keyHeader]) expect(text).toBe(text.toLowerCase());
  });
});

/** Requests as the documents of each gateway have them, and what nobody may reach through another's name. */
describe("requests as they come", () => {
  it.each([
    ["evolution", "POST", "/message/sendText/bakery", "bakery"],
    ["evolution", "GET", "/instance/connectionState/bakery", "bakery"],
    ["evolution", "GET", "/typebot/fetch/cm1x/bakery", "bakery"],
    ["evolution", "GET", "/group/participants/bakery?groupJid=120362@g.us", "bakery"],
    ["evolution", "DELETE", "/openai/creds/cm1x/bakery", "bakery"],
    ["evolution", "GET", "/evolutionBot/find/bakery", "bakery"],
    ["evolution", "POST", "/baileys/onWhatsapp/bakery", "bakery"],
    ["evolution", "HEAD", "/", "pass"],
    ["evolution", "GET", "/socket.io/?EIO=4&transport=polling", "none"],
    ["evolution", "GET", "/socket.io/x/bakery?EIO=4&transport=websocket", "none"],
    ["evolution", "GET", "/socket.io/x/y/bakery/?EIO=4&transport=polling", "none"],
    ["evolution", "POST", "/s3/getMedia/bakery", "none"],
    ["evolution", "GET", "/store/messages/bakery", "none"],
    ["evolution", "GET", "/instance/fetchInstances", "none"],
    ["evolution", "GET", "/instance/fetchInstances?instanceName=bakery", "none"],
    ["evolution", "POST", "/instance/create", "none"],
    ["evolution", "POST", "/message/sendText/bakery?instanceName=other", "none"],
    ["waha", "POST", "/api/sendText", "body"],
    ["waha", "PUT", "/api/reaction", "body"],
    ["waha", "GET", "/api/screenshot?session=default", "default"],
    ["waha", "GET", "/api/contacts/all?session=default", "default"],
    ["waha", "GET", "/api/apps?session=default", "default"],
    ["waha", "GET", "/api/apps", "none"],
    ["waha", "PUT", "/api/apps/app_1?session=default", "none"],
    ["waha", "GET", "/api/default/auth/qr", "default"],
    ["waha", "GET", "/api/default/chats/5511%40c.us/messages?limit=10", "default"],
    ["waha", "GET", "/api/sessions/default", "default"],
    ["waha", "POST", "/api/sessions/default/restart", "default"],
    ["waha", "POST", "/api/send/buttons/reply", "body"],
    ["waha", "HEAD", "/api/screenshot?session=default", "default"],
    ["waha", "GET", "/api/default/lids/pn/5511", "default"],
    ["waha", "GET", "/api/files/default/true_1@c.us_A.jpg", "default"],
    ["waha", "GET", "/api/files/chats/1@c.us/messages", "none"],
    ["waha", "GET", "/api/default/new-message-id", "default"],
    ["waha", "POST", "/api/tenants", "none"],
    ["waha", "GET", "/api/tenants?session=default", "none"],
    ["waha", "GET", "/api/tenants/42/quota?session=default", "none"],
    ["waha", "GET", "/api/default/whatever", "none"],
    ["waha", "POST", "/api/sessions/default/whatever", "none"],
    ["waha", "GET", "/api/sessions", "none"],
    ["waha", "POST", "/api/sessions", "none"],
    ["waha", "POST", "/api/sessions/start", "none"],
    ["waha", "POST", "/api/server/stop", "none"],
    ["waha", "GET", "/api/server/debug/heapsnapshot", "none"],
    ["waha", "GET", "/ws?session=default&events=message", "default"],
    ["wppconnect", "POST", "/api/shop/send-message", "shop"],
    ["wppconnect", "GET", "/api/shop/chat-by-id/5511", "shop"],
    ["wppconnect", "POST", "/api/shop:t0ken/send-message", "shop t0ken"],
    ["wppconnect", "POST", "/api/shop/SECRET/generate-token", "none"],
    ["wppconnect", "POST", "/api/shop/SECRET/clear-session-data", "none"],
    ["wppconnect", "POST", "/api/shop:t0ken/SECRET/Clear-Session-Data/", "none"],
    ["wppconnect", "POST", "/api/shop:t0ken:other/send-message", "none"],
    ["wppconnect", "GET", "/api/shop/contact/pn-lid/5511", "shop"],
    ["wppconnect", "GET", "/api/shop:t0ken/contact/pn-lid/5511", "shop t0ken"],
    ["wppconnect", "GET", "/api/SECRET/show-all-sessions", "none"],
    ["wppconnect", "POST", "/api/shop/start-all", "none"],
    ["wppconnect", "POST", "/api/shop/Start-All/", "none"],
    ["wppconnect", "POST", "/api/shop:t0ken/start-all", "none"],
    ["wppconnect", "GET", "/api/shop/backup-sessions", "none"],
    ["wppconnect", "POST", "/api/shop/restore-sessions", "none"],
    ["whatsapp-web-js", "POST", "/client/sendMessage/f8377d8d-a589", "f8377d8d-a589"],
    ["whatsapp-web-js", "GET", "/session/qr/f8377d8d-a589/image", "f8377d8d-a589"],
    ["whatsapp-web-js", "POST", "/groupChat/leave/f8377d8d-a589", "f8377d8d-a589"],
    ["whatsapp-web-js", "GET", "/ws/f8377d8d-a589", "f8377d8d-a589"],
    ["whatsapp-web-js", "GET", "/ws/other/f8377d8d-a589", "none"],
    ["whatsapp-web-js", "GET", "/session/terminateAll", "none"],
    ["wuzapi", "POST", "/chat/send/text", "header"],
    ["wuzapi", "PUT", "/webhook/update", "header"],
    ["wuzapi", "POST", "/status/set/text", "header"],
    ["wuzapi", "POST", "/call/reject", "header"],
    ["wuzapi", "GET", "/label/list", "header"],
    ["wuzapi", "POST", "/chat/send/text?token=other", "none"],
    ["wuzapi", "GET", "/admin/users", "none"],
    [
      "green-api",
      "POST",
      "/waInstance1101000001/sendMessage/d75b3a66374942c5b3c019c698abc2067e151558acbd412345",
      "1101000001 d75b3a66374942c5b3c019c698abc2067e151558acbd412345",
    ],
    ["green-api", "DELETE", "/waInstance1101/deleteNotification/d75b/42", "1101 d75b"],
    [
      "telegram",
      "POST",
      "/bot123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11/sendMessage",
      "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11 123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11",
    ],
    ["telegram", "GET", "/file/bot123456:ABC/photos/file_0.jpg", "123456:ABC 123456:ABC"],
    ["any", "GET", "/anything", "none"],
  ] as const)("%s %s %s: %s", (id, method, target, expected) => {
    expect(ask(id, target, method)).toBe(expected);
  });
});
