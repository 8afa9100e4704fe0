import { jsonRoute } from "@/lib/auth/json-route";
import { readAddressRestriction } from "@/lib/services/address-restriction/read";

export const dynamic = "force-dynamic";

/** What the page *Addresses* shows now. */
export const GET = jsonRoute(readAddressRestriction);
