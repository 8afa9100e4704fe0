import { randomBase62 } from "./base62";

/** The shape of an instance token: the credential in an instance's URL. */
export const instanceTokenPattern = /^[0-9A-Za-z]{32}$/;

/** The shape of an instance id: part of the URL, no secret. */
export const instanceIdPattern = /^[0-9A-Za-z]{20}$/;

/** A new instance token: 32 base62 characters, 190 bits. `random` returns n cryptographic bytes. */
export function newInstanceToken(random: (n: number) => Uint8Array): string {
  return randomBase62(32, random);
}

/** A new instance id: 20 base62 characters. `random` returns n cryptographic bytes. */
export function newInstanceId(random: (n: number) => Uint8Array): string {
  return randomBase62(20, random);
}
