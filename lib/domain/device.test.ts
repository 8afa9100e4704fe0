import { expect, test } from "vitest";
import { deviceKey } from "./user-agent";

const chrome = (version: number) =>
  `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`;
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";
const key = (address: string, userAgent = chrome(131)) => deviceKey({ address, userAgent });

test.each([
  ["a newer version", key("203.0.113.9"), key("203.0.113.9", chrome(140))],
  ["another address of the network", key("203.0.113.9"), key("203.0.113.200")],
  ["another address of the same customer", key("2001:db8:1:2::9"), key("2001:db8:1:ff::1")],
  ["an IPv4 address in IPv6 form", key("203.0.113.9"), key("::ffff:203.0.113.9")],
])("%s is the same device", (_what, before, after) => {
  expect(after).toBe(before);
});

test.each([
  ["another browser", key("203.0.113.9", firefox)],
  ["another network", key("198.51.100.9")],
  ["no known address", key("unknown")],
])("%s is another device", (_what, after) => {
  expect(after).not.toBe(key("203.0.113.9"));
});
