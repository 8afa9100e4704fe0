import ipaddr from "ipaddr.js";
import { z } from "zod";
import { hostName } from "../domain/service";

/** A configuration that cannot work; the message lists every wrong variable with its fix. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/** `true` or `false`; without one, false. */
export const flag = z
  .enum(["true", "false"], { error: "say true or false" })
  .default("false")
  .transform((value) => value === "true");

/** A length of time up to a day, with what it is when nothing is said. */
export const seconds = (fallback: number) =>
  z.coerce
    .number({ error: "give a number of seconds" })
    .positive({ error: "give a number above 0" })
    .max(86_400)
    .default(fallback);

/** An origin; whatever follows the host is left out. */
export const origin = z
  .url({ protocol: /^https?$/, error: "give an http or https address such as https://latchkey.example.com" })
  .transform((value) => new URL(value).origin);

/** A host name, in the form in which it is compared. */
export const hostNameField = z.string().transform((value, context) => {
  const name = hostName(value.trim());
  if (name === null || /:\d+$/.test(value.trim()))
    context.addIssue({
      code: "custom",
      message: "give a host name such as gate.example.com, without a port",
    });
  return name ?? "";
});

/** Addresses and ranges, separated by commas. */
export const cidrList = z
  .string()
  .default("")
  .transform((value, context) => {
    const list = value
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean);
    for (const entry of list) {
      if (ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry)) continue;
      context.addIssue({
        code: "custom",
        message: `${entry} is not an address or a CIDR such as 10.0.0.0/8`,
      });
    }
    return list;
  });

/** How many of something, one or more, with what it is when nothing is said. */
export const count = (fallback: number) =>
  z.coerce
    .number({ error: "give a number" })
    .int({ error: "give a whole number" })
    .min(1, { error: "give a number above 0" })
    .max(10_000_000)
    .default(fallback);

/** A port number; 0 means: whichever is free. */
export const port = z.coerce
  .number({ error: "give a port number" })
  .int({ error: "give a whole number" })
  .min(0, { error: "give a port from 0 to 65535" })
  .max(65_535, { error: "give a port from 0 to 65535" });
