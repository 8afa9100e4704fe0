/*
 * What policies are looked up by. Mostly the id of an instance; within a service the name that requests have for it, or the
 * digest of its credential; and an id that was given together with the digest of its token. No id has a colon.
 */

/** The instance that a service's requests call by this name. */
export const labelKey = (serviceId: string, label: string): string => `${serviceId}:name:${label}`;

/** The instance of a service that has this credential. @param digest under each key that counts, one after the other */
export const credentialKey = (serviceId: string, digest: Uint8Array): string =>
  `${serviceId}:digest:${Buffer.from(digest).toString("hex")}`;

/**
 * The instance that was given this id and this token: who has only the id, or another token, meets nobody.
 *
 * @param digest under each key that counts, one after the other
 */
export const givenKey = (id: string, digest: Uint8Array): string =>
  `given:${id}:${Buffer.from(digest).toString("hex")}`;

/** What a key says. */
type PolicyKey =
  | { readonly kind: "instance"; readonly id: string }
  | { readonly kind: "given"; readonly id: string; readonly digest: string }
  | { readonly kind: "name" | "digest"; readonly serviceId: string; readonly value: string };

const given = /^given:([^:]+):((?:[0-9a-f]{64})+)$/;
const withinService = /^([0-9a-f-]{36}):(name|digest):(.+)$/;

/** Takes a key apart. Total: what is none of a service is an instance's id. */
export function readPolicyKey(key: string): PolicyKey {
  const [, id, digest] = given.exec(key) ?? [];
  if (id !== undefined && digest !== undefined) return { kind: "given", id, digest };
  const [, serviceId, kind, value] = withinService.exec(key) ?? [];
  if (serviceId === undefined || value === undefined) return { kind: "instance", id: key };
  return { kind: kind === "name" ? "name" : "digest", serviceId, value };
}
