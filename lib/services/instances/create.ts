import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { newInstanceId } from "@/lib/domain/instance-token";
import { authorize } from "../authorize";
import { change } from "../change";
import { nameSchema } from "../name-schema";
import { parse } from "../parse";
import { instanceEvent } from "./event";
import { requireFreeName } from "./require-free-name";
import { mintInstanceToken } from "./secrets";
import { upstreamLabel, upstreamUrlSchema } from "./upstream-schema";

const schema = z.object({ name: nameSchema, upstreamUrl: upstreamUrlSchema.default(null) });

/**
 * Makes an instance. Without upstream URL the built-in echo answers its callers.
 *
 * @throws Refusal `forbidden`, or `invalid` (name, upstreamUrl)
 */
export async function createInstance(
  actor: Actor,
  input: { name: string; upstreamUrl?: string | undefined },
): Promise<{ instanceId: string }> {
  authorize(actor, "instance.create");
  const { name, upstreamUrl } = parse(schema, input);
  const id = newInstanceId(randomBytes);
  return change(actor, "instance.create", async ({ tx, account }) => {
    await requireFreeName(tx, account.id, name);
    const { stored } = mintInstanceToken(id);
    await tx.instance.create({ data: { id, accountId: account.id, name, upstreamUrl, ...stored } });
    return {
      result: { instanceId: id },
      event: instanceEvent("instance.created", { id, name }, { upstream: upstreamLabel(upstreamUrl) }),
      altersDecision: true,
    };
  });
}
