import { z } from "zod";
import { config } from "@/lib/config";
import type { Transaction } from "@/lib/db/transaction";
import { invalidField } from "@/lib/domain/errors";
import { hostName, isBelow } from "@/lib/domain/service";
import { refuse } from "../parse";

const hostNameMaxLength = 253;

/** RFC 6761: this machine, whatever the name says in front. */
const thisMachine = /(?:^|\.)localhost$/;
/** What every parser could take for an address. */
const likeAddress = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;

/**
 * Whether a name may be given to somebody. Without `LATCHKEY_URL` the dashboard is reached under any name, so that only
 * those of the domain that is set aside (`GATE_DOMAIN`) cannot be its own.
 */
function checkHostName(name: string, context: z.RefinementCtx): void {
  const { url, gate, ownHostNames } = config();
  const set = gate.domain !== null && isBelow(name, gate.domain);
  if (ownHostNames.has(name) || name === gate.domain) refuse(context, "host_own", { host: name });
  else if (!set && url === undefined && gate.domain === null) refuse(context, "host_unset");
  else if (!set && url === undefined) refuse(context, "host_closed", { domain: gate.domain ?? "" });
}

/** A host name that an instance or a service may have, in the form in which names are compared. */
export const hostNameSchema = z.string().transform((text, context): string => {
  const given = text.trim();
  const name = given.length > hostNameMaxLength || given.includes(":") ? null : hostName(given);
  if (name === null || likeAddress.test(name) || thisMachine.test(name)) {
    refuse(context, "host_invalid");
    return z.NEVER;
  }
  checkHostName(name, context);
  return name;
});

const mostHosts = 20;

/** The host names of one service or instance. */
export const hostsSchema = z.array(hostNameSchema).superRefine((hosts, context) => {
  if (hosts.length > mostHosts) refuse(context, "hosts_too_many", { max: mostHosts });
});

/** Whose a host name is. */
type HostOwner = { readonly serviceId: string } | { readonly instanceId: string };

/**
 * Makes these the host names of a service or of an instance, and no others. Race-free: a name is there once, in the whole
 * installation. That one is taken says nothing of by whom.
 *
 * @throws Refusal `invalid` (the field: host_taken)
 */
export async function setHostNames(
  tx: Transaction,
  accountId: string,
  owner: HostOwner,
  names: readonly string[],
  field: "hosts" | "host",
): Promise<void> {
  await tx.hostName.deleteMany({ where: { ...owner, accountId, name: { notIn: [...names] } } });
  // In one order, so that no two changes wait for each other.
  for (const name of [...new Set(names)].sort()) {
    const data = [{ name, accountId, ...owner }];
    const { count } = await tx.hostName.createMany({ data, skipDuplicates: true });
    if (count > 0) continue;
    const held = await tx.hostName.findFirst({ where: { name, ...owner, accountId } });
    if (!held) throw invalidField(field, "host_taken", { host: name });
  }
}
