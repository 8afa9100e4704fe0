import { headers } from "next/headers";
import { Refusal } from "@/lib/domain/errors";
import { type PasskeyObstacle, type PasskeySite, passkeySiteOf } from "@/lib/domain/passkey";
import { pageOrigin } from "./page-origin";

/**
 * What passkeys are bound to on this page.
 *
 * @throws Refusal `passkey_address` or `passkey_insecure` when it can use none
 */
export async function passkeySite(): Promise<PasskeySite> {
  const site = passkeySiteOf(pageOrigin(await headers()));
  if (typeof site === "string") throw new Refusal(`passkey_${site}`);
  return site;
}

/** Why this page cannot use passkeys; null when it can. */
export async function passkeyObstacle(): Promise<PasskeyObstacle | null> {
  const site = passkeySiteOf(pageOrigin(await headers()));
  return typeof site === "string" ? site : null;
}

/** This page's origin under a host name, where it was opened under this machine's own address; else null. */
export async function localhostOrigin(): Promise<string | null> {
  const url = new URL(pageOrigin(await headers()));
  if (url.hostname !== "127.0.0.1" && url.hostname !== "[::1]") return null;
  url.hostname = "localhost";
  return url.origin;
}
