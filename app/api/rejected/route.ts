import { jsonRoute } from "@/lib/auth/json-route";
import { readRejected } from "@/lib/services/traffic/rejected";

export const dynamic = "force-dynamic";

/** The rejected requests that a page of them shows now. */
export const GET = jsonRoute(readRejected);
