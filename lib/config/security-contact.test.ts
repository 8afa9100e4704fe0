import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { parseConfig } from "../config";
import { securityTxt, securityTxtState } from "../domain/security-txt";
import { ConfigError } from "./values";

const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);

function fileOf(env: Record<string, string>): string | undefined {
  const { securityContact } = parseConfig(env);
  return securityContact && securityTxt(securityContact);
}

function problem(env: Record<string, string>): string {
  try {
    parseConfig(env);
    return "";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
}

describe("security.txt", () => {
  it("is not there until somebody is named", () => {
    expect(fileOf({})).toBeUndefined();
    expect(fileOf({ SECURITY_CONTACT: "" })).toBeUndefined();
  });

  it("names contacts in their order, an end, languages, the policy, and its own address", () => {
    const expires = inDays(100);
    const text = fileOf({
      SECURITY_CONTACT: "security@example.com, https://example.com/report,tel:+1-201-555-0123",
      SECURITY_EXPIRES: expires,
      SECURITY_LANGUAGES: "en, pt-br",
      SECURITY_POLICY: "https://example.com/policy",
      LATCHKEY_URL: "https://latchkey.example.com/ignored",
    });
    expect(text?.split("\n")).toEqual([
      "Contact: mailto:security@example.com",
      "Contact: https://example.com/report",
      "Contact: tel:+1-201-555-0123",
      `Expires: ${expires}T00:00:00Z`,
      "Preferred-Languages: en, pt-BR",
      "Policy: https://example.com/policy",
      "Canonical: https://latchkey.example.com/.well-known/security.txt",
      "",
    ]);
  });

  it("counts for less than a year from the release, when no day is given", () => {
    const { securityContact } = parseConfig({ SECURITY_CONTACT: "security@example.com" });
    const days = ((securityContact?.expires.getTime() ?? 0) - Date.parse(packageJson.released)) / dayMs;
    expect(days).toBeGreaterThan(300);
    expect(days).toBeLessThan(365);
  });

  it.each([{ LATCHKEY_URL: "" }, { LATCHKEY_URL: "http://localhost:3000" }])(
    "says no address of its own where none is fixed that begins with https://: %j",
    (env) => {
      expect(fileOf({ SECURITY_CONTACT: "security@example.com", ...env })).not.toContain("Canonical");
    },
  );

  it.each([
    "security",
    "http://example.com/report",
    "https://",
    "javascript:alert(1)",
    "security@example.com\nHiring: https://evil.example",
    "https://example.com/a b",
    "https://example.com/\r\nExpires: 2099-01-01T00:00:00Z",
    "mailto:",
    ",",
  ])("refuses the contact %j by the variable's name", (contact) => {
    expect(problem({ SECURITY_CONTACT: contact })).toBe("SECURITY_CONTACT: contact");
  });

  it.each([
    ["SECURITY_EXPIRES", "soon", "day"],
    ["SECURITY_EXPIRES", "2027-02-31", "day"],
    ["SECURITY_EXPIRES", inDays(400), "dayTooFar"],
    ["SECURITY_LANGUAGES", "no language", "languages"],
    ["SECURITY_LANGUAGES", "en\nContact: mailto:evil@example.com", "languages"],
    ["SECURITY_LANGUAGES", "de,,fr", "languages"],
    ["SECURITY_POLICY", "http://example.com", "policy"],
    ["SECURITY_POLICY", "https://example.com/\npolicy", "policy"],
  ])("refuses %s=%j by its name, and does not repeat the value", (name, value, wrong) => {
    expect(problem({ SECURITY_CONTACT: "security@example.com", [name]: value })).toBe(`${name}: ${wrong}`);
  });

  it("wants a contact with everything else that is said of one", () => {
    expect(problem({ SECURITY_POLICY: "https://example.com" })).toBe("SECURITY_CONTACT: contactNeeded");
  });

  it("stops nothing once its day is over, and says so before", () => {
    expect(fileOf({ SECURITY_CONTACT: "security@example.com", SECURITY_EXPIRES: "2026-01-01" })).toContain(
      "Expires: 2026-01-01T00:00:00Z",
    );
    const state = (days: number) => securityTxtState(new Date(days * dayMs), new Date(50 * dayMs));
    expect([state(49), state(50), state(51), state(79), state(81)]).toEqual([
      "expired",
      "expired",
      "ending",
      "ending",
      "current",
    ]);
  });
});
