import { expect, test } from "vitest";
import { passkeySiteOf } from "./passkey";

test.each([
  ["https://latchkey.example.com", "latchkey.example.com"],
  ["https://latchkey.example.com:8443", "latchkey.example.com"],
  ["http://localhost:3000", "localhost"],
  ["http://shop.localhost", "shop.localhost"],
  ["https://intranet", "intranet"],
])("on %s passkeys are bound to %s", (origin, rpId) => {
  expect(passkeySiteOf(origin)).toEqual({ origin, rpId });
});

test.each([
  ["http://127.0.0.1:3000", "address"],
  ["https://192.0.2.7", "address"],
  ["https://[2001:db8::1]", "address"],
  ["http://latchkey.example.com", "insecure"],
  ["http://notlocalhost", "insecure"],
])("on %s there can be none: %s", (origin, obstacle) => {
  expect(passkeySiteOf(origin)).toBe(obstacle);
});
