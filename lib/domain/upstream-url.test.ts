import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPublicAddress, parseUpstreamUrl } from "./upstream-url";

const strict = { allowPrivate: false };

describe("an upstream's address", () => {
  test.each([
    ["unspecified", "0.0.0.0"],
    ["this network", "0.1.2.3"],
    ["private", "10.0.0.1"],
    ["private", "172.16.0.1"],
    ["private", "172.31.255.255"],
    ["private", "192.168.1.1"],
    ["shared (CGNAT)", "100.64.0.1"],
    ["metadata behind CGNAT", "100.100.100.200"],
    ["loopback", "127.0.0.1"],
    ["loopback", "127.255.255.254"],
    ["link-local metadata", "169.254.169.254"],
    ["host agent", "168.63.129.16"],
    ["protocol assignments", "192.0.0.192"],
    ["documentation", "192.0.2.1"],
    ["documentation", "198.51.100.1"],
    ["documentation", "203.0.113.1"],
    ["benchmarking", "198.18.0.1"],
    ["multicast", "224.0.0.1"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["unspecified", "::"],
    ["loopback", "::1"],
    ["link-local", "fe80::1"],
    ["site-local", "fec0::1"],
    ["unique local", "fd00:ec2::254"],
    ["multicast", "ff02::1"],
    ["documentation", "2001:db8::1"],
    ["discard", "100::1"],
    ["IPv4-compatible", "::7f00:1"],
    ["IPv4-mapped loopback", "::ffff:127.0.0.1"],
    ["IPv4-mapped metadata", "::ffff:a9fe:a9fe"],
    ["IPv4-translated", "::ffff:0:7f00:1"],
    ["NAT64 of loopback", "64:ff9b::7f00:1"],
    ["NAT64 of metadata", "64:ff9b::169.254.169.254"],
    ["local NAT64", "64:ff9b:1::7f00:1"],
    ["6to4 of private", "2002:a00:1::1"],
    ["6to4 of loopback", "2002:7f00:1::"],
    ["Teredo", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    ["no address", "upstream.example"],
    ["nothing", ""],
  ])("%s is refused: %s", (_kind, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])(
    "%s is public",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test("an IPv4 address is judged alike in every form that carries it", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const hex = address.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
        const [a = "", b = "", c = "", d = ""] = hex;
        const judged = isPublicAddress(address);
        expect(isPublicAddress(`::ffff:${a}${b}:${c}${d}`)).toBe(judged);
        expect(isPublicAddress(`64:ff9b::${a}${b}:${c}${d}`)).toBe(judged);
        expect(isPublicAddress(`2002:${a}${b}:${c}${d}::1`)).toBe(judged);
      }),
    );
  });
});

describe("an upstream's URL", () => {
  test.each([
    ["https://api.example.com", "https://api.example.com"],
    ["  https://API.example.com/  ", "https://api.example.com"],
    ["http://api.example.com:8080/v1/", "http://api.example.com:8080/v1"],
    ["https://api.example.com:443/a%2Fb//", "https://api.example.com/a%2Fb"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
    ["http://8.8.8.8/x", "http://8.8.8.8/x"],
    ["http://[2606:4700::1111]:81", "http://[2606:4700::1111]:81"],
  ])("%j is kept as %s", (text, url) => {
    expect(parseUpstreamUrl(text, strict)).toEqual({ ok: true, url });
  });

  test.each([
    ["", "required"],
    ["   ", "required"],
    ["api.example.com", "url_invalid"],
    ["http:api.example.com", "url_invalid"],
    ["https://", "url_invalid"],
    ["https://a b.example", "url_invalid"],
    ["https://a\n.example", "url_invalid"],
    ["https:\\\\a.example", "url_invalid"],
    ["https://a.example\\b", "url_invalid"],
    ["https://a.example:0", "url_invalid"],
    ["https://a.example:99999", "url_invalid"],
    ["ftp://a.example", "url_scheme"],
    ["file:///etc/passwd", "url_scheme"],
    ["unix://a", "url_scheme"],
    ["https://user:pass@a.example", "url_credentials"],
    ["https://@a.example", "url_credentials"],
    ["https://a.example?x=1", "url_query"],
    ["https://a.example/?", "url_query"],
    ["https://a.example/#x", "url_query"],
    [`https://a.example/${"x".repeat(2048)}`, "too_long"],
    ["http://127.0.0.1", "url_private"],
    ["http://127.1", "url_private"],
    ["http://2130706433", "url_private"],
    ["http://0x7f.0.0.1", "url_private"],
    ["http://017700000001", "url_private"],
    ["http://0", "url_private"],
    ["http://[::1]", "url_private"],
    ["http://[::ffff:127.0.0.1]", "url_private"],
    ["http://169.254.169.254/latest/meta-data", "url_private"],
    ["http://localhost:3000", "url_private"],
    ["http://LOCALHOST.", "url_private"],
    ["http://api.localhost", "url_private"],
    ["http://metadata.google.internal", "url_private"],
    ["http://printer.local", "url_private"],
  ])("%j is refused: %s", (text, code) => {
    expect(parseUpstreamUrl(text, strict)).toEqual({ ok: false, code });
  });

  test("private addresses are accepted where they are allowed", () => {
    for (const url of ["http://127.0.0.1:8080", "http://localhost:3000/v1", "http://[::1]"])
      expect(parseUpstreamUrl(url, { allowPrivate: true })).toEqual({ ok: true, url });
  });

  test("it is total, and what it accepts it accepts again unchanged", () => {
    // `fc.webUrl` makes less, and takes seconds to begin.
    const host = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
    );
    const path = fc.array(fc.string().map(encodeURIComponent)).map((all) => all.join("/"));
    const url = fc
      .tuple(
        fc.constantFrom("http", "https"),
        host,
        fc.constantFrom("", ":80", ":0", ":8443"),
        path,
        fc.constantFrom("", "?a=b", "#c"),
      )
      .map(([scheme, name, port, rest, tail]) => `${scheme}://${name}${port}/${rest}${tail}`);
    const text = fc.oneof(fc.string(), url);
    fc.assert(
      fc.property(text, (given) => {
        const parsed = parseUpstreamUrl(given, strict);
        if (parsed.ok) expect(parseUpstreamUrl(parsed.url, strict)).toEqual(parsed);
      }),
    );
  });
});
