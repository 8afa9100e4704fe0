import ipaddr from "ipaddr.js";
import { z } from "zod";
import { hostName } from "../domain/service";
import { inWords, type Told } from "../domain/told";

/** The most that a number may be, by what is said of one that is not. */
export const most = { port: 65_535, seconds: 86_400, delay: 3600, count: 10_000_000, workers: 256, name: 40 };

/** What is wrong with a variable. What to give instead is said in the catalogue `failure`, under `setting`. */
export type SettingProblem =
  | keyof typeof most
  | "flag"
  | "registration"
  | "onOff"
  | "logLevel"
  | "origin"
  | "hostName"
  | "hostNameHere"
  | "address"
  | "databaseUrl"
  | "secret"
  | "previousSecret"
  | "smtpUrl"
  | "mailFrom"
  | "issuer"
  | "issuerTls"
  | "issuerPlain"
  | "contact"
  | "policy"
  | "languages"
  | "day"
  | "dayTooFar"
  | "fileUnreadable"
  | "fileEmpty"
  | "fileOfLines"
  | "secretFile"
  | "notSet"
  | "noSecret"
  | "sharedName"
  | "neededHere"
  | "neededForMail"
  | "senderNeeded"
  | "issuerNeeded"
  | "clientNeeded"
  | "neededForSignOn"
  | "contactNeeded";

/** What is said of a value that a field does not take. */
export const otherwise = (problem: SettingProblem) => ({ error: problem });

/** A wrong variable with what is wrong; never its value. */
export function settingProblem(variable: string, problem: SettingProblem, values: Told["values"] = {}): Told {
  const highest = problem in most ? { most: most[problem as keyof typeof most] } : {};
  return {
    key: "setting.line",
    values: { variable, problem: { key: `setting.${problem}`, values: { ...highest, ...values } } },
  };
}

/** A configuration that cannot work. Its message is for logs: whoever tells people words the problems. */
export class ConfigError extends Error {
  override name = "ConfigError";

  /** @param problems every wrong variable, by `settingProblem` */
  constructor(readonly problems: readonly Told[]) {
    super(problems.map((each) => inWords(each, plainly)).join("\n"));
  }
}

/** Without a catalogue: codes and what they are about, as in `PORT: port (65535)`. */
function plainly(key: string, values: Readonly<Record<string, string | number>>): string {
  if (key === "setting.line") return `${values.variable}: ${values.problem}`;
  const about = Object.values(values).join(", ");
  return `${key.slice("setting.".length)}${about && ` (${about})`}`;
}

/** `true` or `false`; without one, false. */
export const flag = z
  .enum(["true", "false"], otherwise("flag"))
  .default("false")
  .transform((value) => value === "true");

/** A length of time up to a day, with what it is when nothing is said. */
export const seconds = (fallback: number) =>
  z.coerce
    .number(otherwise("seconds"))
    .positive(otherwise("seconds"))
    .max(most.seconds, otherwise("seconds"))
    .default(fallback);

/** An origin; whatever follows the host is left out. */
export const origin = z
  .url({ protocol: /^https?$/, ...otherwise("origin") })
  .transform((value) => new URL(value).origin);

/** A host name, in the form in which it is compared. */
export const hostNameField = z.string().transform((value, context) => {
  const name = hostName(value.trim());
  if (name === null || /:\d+$/.test(value.trim()))
    context.addIssue({ code: "custom", message: otherwise("hostName").error });
  // RFC 6761: this machine, whatever stands in front, so that nobody could be given a name below it.
  else if (/(?:^|\.)localhost$/.test(name))
    context.addIssue({ code: "custom", message: otherwise("hostNameHere").error });
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
      context.addIssue({ code: "custom", message: otherwise("address").error, params: { entry } });
    }
    return list;
  });

/** How many of something, one or more, with what it is when nothing is said. */
export const count = (fallback: number) =>
  z.coerce
    .number(otherwise("count"))
    .int(otherwise("count"))
    .min(1, otherwise("count"))
    .max(most.count, otherwise("count"))
    .default(fallback);

/** A port number; 0 means: whichever is free. */
export const port = z.coerce
  .number(otherwise("port"))
  .int(otherwise("port"))
  .min(0, otherwise("port"))
  .max(most.port, otherwise("port"));
