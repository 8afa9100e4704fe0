import any from "./presets/any.json";
import evolution from "./presets/evolution.json";
import greenApi from "./presets/green-api.json";
import telegram from "./presets/telegram.json";
import waha from "./presets/waha.json";
import whatsappWebJs from "./presets/whatsapp-web-js.json";
import wppconnect from "./presets/wppconnect.json";
import wuzapi from "./presets/wuzapi.json";
import zApi from "./presets/z-api.json";
import { parseRouteTemplate, type TemplateFault } from "./route-template";
import type { NamedIn, ServiceRoute } from "./service";

/** Requests of one kind, as a preset's file says it. */
interface WrittenEndpoint {
  readonly template: string;
  readonly methods?: readonly string[];
}

/** A route as it is written and stored: named in the path unless one of the others is given. */
export interface WrittenRoute extends WrittenEndpoint {
  readonly query?: string;
  readonly header?: string;
  readonly body?: string;
  readonly passes?: boolean;
}

/** What a gateway that many people run needs to stand behind Latchkey. Its file is the only place that knows it. */
export interface Preset {
  readonly name: string;
  /** Where its makers say how its requests look; null for any API. */
  readonly docs: string | null;
  /** The port it listens on unless told otherwise. */
  readonly port?: number;
  /** Where everybody reaches it, when it is not one's own server. */
  readonly upstream?: string;
  /** The header in which it takes its key, in small letters. */
  readonly keyHeader?: string;
  readonly routes: readonly WrittenRoute[];
  readonly strayParameters: readonly string[];
  /** Its call that lists what it has, and where in an item name and credential are (RFC 6901). */
  readonly list?: {
    readonly path: string;
    readonly items: string;
    readonly name: string;
    readonly credential?: string;
    readonly keyHeader?: string;
  };
  /** Groups of its endpoints that people allow or deny together. */
  readonly endpoints: { readonly [group: string]: readonly WrittenEndpoint[] };
  /** A call that changes nothing and shows that it works. */
  readonly test: { readonly method: string; readonly path: string };
}

/** Every preset by its id. */
export const presets = {
  evolution,
  waha,
  wppconnect,
  "whatsapp-web-js": whatsappWebJs,
  wuzapi,
  "green-api": greenApi,
  telegram,
  "z-api": zApi,
  any,
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetId = keyof typeof presets;

function namedIn({ query, header, body, passes }: WrittenRoute): NamedIn {
  if (query !== undefined) return { kind: "query", parameter: query };
  if (header !== undefined) return { kind: "header", header };
  if (body !== undefined) return { kind: "body", pointer: body };
  return { kind: passes ? "nowhere" : "path" };
}

/** Understands a route, or says why not. */
export function readRoute(route: WrittenRoute): ServiceRoute | TemplateFault {
  const template = parseRouteTemplate(route.template);
  if (typeof template === "string") return template;
  return { methods: route.methods ?? [], template, namedIn: namedIn(route) };
}

/**
 * The routes of a preset, or of a service as they are stored.
 *
 * @throws TypeError for a template that is none
 */
export function routesOf({ routes }: { readonly routes: readonly WrittenRoute[] }): ServiceRoute[] {
  return routes.map((written) => {
    const route = readRoute(written);
    if (typeof route === "string") throw new TypeError(`${written.template}: ${route}`);
    return route;
  });
}

/** What a preset has that a service made from it has not, and the other way round. */
export interface PresetOffer extends Pick<Preset, "name" | "routes" | "strayParameters"> {
  /** As they are shown. */
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

/** A route on one line; two with the same line do the same. */
function routeLine({ template, methods = [], query, header, body, passes }: WrittenRoute): string {
  const [inQuery, inHeader] = [query && `?${query}=`, header && `${header}:`];
  return [[...methods].sort().join(", "), template, inQuery, inHeader, body, passes && "*"]
    .filter(Boolean)
    .join(" ");
}

type Naming = Pick<Preset, "routes" | "strayParameters">;

const linesOf = ({ routes, strayParameters }: Naming) => [...routes.map(routeLine), ...strayParameters];

/**
 * How a service differs from its preset of today: presets grow with their gateways, and services stay as they are saved.
 * null where they say the same, and for a preset without routes, which has nothing to be taken over.
 */
export function presetOffer(service: Naming, preset: Preset): PresetOffer | null {
  const { name, routes, strayParameters } = preset;
  if (routes.length === 0) return null;
  const [own, given] = [linesOf(service), linesOf(preset)];
  const missing = given.filter((line) => !own.includes(line));
  const extra = own.filter((line) => !given.includes(line));
  return missing.length + extra.length === 0 ? null : { name, routes, strayParameters, missing, extra };
}
