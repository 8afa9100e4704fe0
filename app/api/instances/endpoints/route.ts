import { jsonRoute } from "@/lib/auth/json-route";
import { readEndpointRules } from "@/lib/services/endpoint-rules/read";

export const dynamic = "force-dynamic";

/** The endpoint rules of an instance as its page shows them now. */
export const GET = jsonRoute(readEndpointRules);
