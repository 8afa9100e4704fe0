import { clientTokenDigest, instanceTokenDigest } from "@/lib/crypto/digest";
import { compileAddressList } from "@/lib/domain/address-list";
import { type InstancePolicy, type PolicyToken, packDigest } from "@/lib/domain/gate";
import {
  type AccountName,
  type AccountSpec,
  accounts,
  type Behind,
  type InstanceName,
  type InstanceSpec,
  instances,
  type World,
} from "./world";

const minute = 60_000;

/** The tokens of an account as they are stored. */
export function tokensOf(account: AccountName, world: World): PolicyToken[] {
  const { tokens }: AccountSpec = accounts[account];
  const inTime = (ms: number) => new Date(Date.now() + ms);
  return tokens.map((name): PolicyToken => {
    const digest = clientTokenDigest(world.clientTokenOf(account, name));
    switch (name) {
      case "retiring soon":
        return { state: "retiring", digest, retireAt: inTime(60 * minute) };
      case "retired by time":
        return { state: "retiring", digest, retireAt: inTime(-minute) };
      default:
        return { state: name, digest, retireAt: null };
    }
  });
}

/** Where an instance's requests go; `nobody` is a port that nothing listens on. */
export function upstreamUrlOf(behind: Behind, recorder: string): string | null {
  switch (behind) {
    case "echo":
      return null;
    case "recorder":
      return recorder;
    case "recorder with base path":
      return `${recorder}/base/path`;
    case "nobody":
      return "http://127.0.0.1:1";
  }
}

/** An instance's own headers as they are stored. */
export function sealedHeadersOf(
  instance: InstanceName,
  world: World,
  seal: (plain: string, context: string) => string,
): string | null {
  const { ownHeaders, unopenable }: InstanceSpec = instances[instance];
  if (!ownHeaders) return null;
  const context = `instance:${world.idOf(instance)}:${unopenable ? "elsewhere" : "headers"}`;
  return seal(JSON.stringify(ownHeaders), context);
}

/** The policy of an instance by its id, as the database would give it; throws where it could not. */
export function policyOf(
  id: string,
  world: World,
  recorder: string,
  seal: (plain: string, context: string) => string,
): InstancePolicy | null {
  const name = (Object.keys(instances) as InstanceName[]).find((key) => world.idOf(key) === id);
  if (!name) return null;
  const spec: InstanceSpec = instances[name];
  const account: AccountSpec = accounts[spec.account];
  return {
    instanceId: id,
    accountId: spec.account,
    tokenDigest: packDigest(instanceTokenDigest(world.instanceTokenOf(name))),
    paused: spec.paused ?? false,
    enforcement: account.enforcement,
    enforced: spec.enforced ?? false,
    addressMode: account.addressMode ?? "off",
    addresses: compileAddressList(account.cidrs ?? []),
    tokens: tokensOf(spec.account, world),
    upstreamUrl: upstreamUrlOf(spec.behind, recorder),
    headersSealed: sealedHeadersOf(name, world, seal),
    firstByteSeconds: spec.firstByteSeconds ?? null,
    epoch: 0n,
  };
}
