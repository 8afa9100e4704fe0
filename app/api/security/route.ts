import { jsonRoute } from "@/lib/auth/json-route";
import { readSecurityPage } from "@/lib/services/security-page";

export const dynamic = "force-dynamic";

/** What the Security page shows now, narrowed as its own address is. */
export const GET = jsonRoute(readSecurityPage);
