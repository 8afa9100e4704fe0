import { compileAddressList } from "@/lib/domain/address-list";
import type { InstancePolicy } from "@/lib/domain/gate";

const everywhere = compileAddressList([]);

/** A policy of an instance that stands alone and leads to the echo, with what is said of it instead. */
export function instancePolicy(instanceId: string, more: Partial<InstancePolicy> = {}): InstancePolicy {
  return {
    key: instanceId,
    instanceId,
    accountId: "account",
    tokenDigest: "",
    paused: false,
    enforcement: "on",
    enforced: false,
    graceUntil: null,
    known: null,
    addressMode: "off",
    addresses: everywhere,
    tokens: [],
    endpoints: null,
    upstreamUrl: null,
    headersSealed: null,
    firstByteSeconds: null,
    serviceId: null,
    serviceHeadersSealed: null,
    answerStyle: "documented",
    epoch: 0n,
    ...more,
  };
}
