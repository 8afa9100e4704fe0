import { headers } from "next/headers";
import { config } from "@/lib/config";
import { pageOrigin } from "./page-origin";

/**
 * The origin under which instances are called: `LATCHKEY_GATE_URL`, else `LATCHKEY_URL`, else the host the
 * page was opened under. Never ends in a slash.
 */
export async function gateBaseUrl(): Promise<string> {
  return config().gateUrl ?? pageOrigin(await headers());
}
