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

/** The origin of the dashboard, for links that are handed over: `LATCHKEY_URL`, else the host the page was opened under. */
export async function dashboardOrigin(): Promise<string> {
  return pageOrigin(await headers());
}
