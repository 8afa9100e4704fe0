import type { RequestPath } from "@/lib/domain/instance-url";

/** Where an instance's requests go. */
export interface UpstreamPlace {
  readonly origin: string;
  /** Comes before every path; without a slash at its end. */
  readonly basePath: string;
}

// By URL: many instances lead to one upstream, and there may be a hundred thousand of them.
const places = new Map<string, UpstreamPlace>();
const mostPlaces = 1024;

/** Takes an upstream's URL apart; remembers what came of it. */
export function upstreamPlace(upstreamUrl: string): UpstreamPlace {
  let place = places.get(upstreamUrl);
  if (!place) {
    const { origin, pathname } = new URL(upstreamUrl);
    place = { origin, basePath: pathname.replace(/\/+$/, "") };
    if (places.size >= mostPlaces) places.clear();
    places.set(upstreamUrl, place);
  }
  return place;
}

/** The request target for an upstream: its base path, then what the client sent, byte for byte. */
export function upstreamTarget({ basePath }: UpstreamPlace, path: RequestPath): string {
  const target = basePath + path.rest;
  return (target === "" ? "/" : target) + path.query;
}
