"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, runAction } from "@/lib/auth/action";
import type { ActionResult } from "@/lib/domain/errors";
import { unlinkIdentity } from "@/lib/services/identities/link-identity";

/** Unlinks a sign-in at a provider. */
export const unlinkIdentityAction = action(
  [z.object({ identityId: z.string() })],
  async (input): Promise<ActionResult<void>> => {
    const result = await runAction((actor) => unlinkIdentity(actor, input));
    revalidatePath("/settings");
    return result;
  },
);
