import { expect, it, vi } from "vitest";
import { GET } from "./route";

const contact = vi.hoisted(() => ({ securityContact: undefined as object | undefined }));
vi.mock("@/lib/config", () => ({ config: () => contact }));

it("is not found where nobody is named, and for nobody to keep", async () => {
  const response = GET();
  expect([response.status, response.headers.get("cache-control")]).toEqual([404, "no-store"]);
  expect(await response.json()).toEqual({ error: "Not found" });
});

it("is plain text in UTF-8, as RFC 9116 wants it, also once it has expired", async () => {
  contact.securityContact = { contacts: ["mailto:a@b.example"], expires: new Date(0), languages: [] };
  const response = GET();
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
  expect(await response.text()).toBe("Contact: mailto:a@b.example\nExpires: 1970-01-01T00:00:00Z\n");
});
