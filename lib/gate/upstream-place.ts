import type { InstancePolicy } from "@/lib/domain/gate";
import type { RequestPath } from "@/lib/domain/request-path";

/** Where an instance's requests go. */
export interface UpstreamPlace {
  readonly origin: string;
  /** Comes before every path; without a slash at its end. */
  readonly basePath: string;
}

const places = new WeakMap<InstancePolicy, UpstreamPlace>();

/** Takes the upstream's URL apart, once for each policy that was read. */
export function upstreamPlace(policy: InstancePolicy, upstreamUrl: string): UpstreamPlace {
  let place = places.get(policy);
  if (!place) {
    const { origin, pathname } = new URL(upstreamUrl);
    place = { origin, basePath: pathname.replace(/\/+$/, "") };
    places.set(policy, place);
  }
  return place;
}

/** The request target for an upstream: its base path, then what the client sent, byte for byte. */
export function upstreamTarget({ basePath }: UpstreamPlace, path: RequestPath): string {
  const target = basePath + path.rest;
  return (target === "" ? "/" : target) + path.query;
}
