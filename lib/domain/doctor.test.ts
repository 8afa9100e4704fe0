import { describe, expect, it } from "vitest";
import { judgeProxies, type SeenPeer } from "./doctor";

describe("whether TRUSTED_PROXIES is right", () => {
  const seen = (peer: string, forwarded: boolean, requests: number): SeenPeer => ({
    peer,
    forwarded,
    requests,
  });
  const isTrusted = (peer: string) => peer.startsWith("10.");
  const cases: [what: string, seen: SeenPeer[], outcome: string][] = [
    ["nothing was called", [], "unseen"],
    ["callers come by themselves", [seen("", false, 9)], "right"],
    ["all come through the trusted proxy", [seen("10.0.0.1", true, 9)], "right"],
    ["a private machine that is not named passes on most", [seen("192.168.0.2", true, 9)], "missing"],
    ["a private machine passes on a few", [seen("192.168.0.2", true, 1), seen("", false, 9)], "some"],
    ["a trusted machine never says for whom", [seen("10.0.0.1", false, 9)], "silent"],
    [
      "a trusted proxy also asks for itself",
      [seen("10.0.0.1", false, 5), seen("10.0.0.1", true, 5)],
      "right",
    ],
    ["public machines say they pass on most", [seen("", true, 9)], "public"],
    ["a few public callers say anything", [seen("", true, 1), seen("10.0.0.1", true, 9)], "right"],
  ];

  it.each(cases)("%s", (_what, all, outcome) => {
    expect(judgeProxies(all, isTrusted).outcome).toBe(outcome);
  });
});
