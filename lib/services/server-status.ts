import { isFirstAccount } from "@/lib/db/account-facts";
import type { DoctorReport } from "@/lib/domain/doctor";
import { readUseCase } from "./use-case";

type Examine = () => Promise<DoctorReport>;

// The server and the pages are bundled apart, and what is looked at is the server's; one process has one of each.
const shared = globalThis as typeof globalThis & { latchkeyExamine?: Examine };

/** Offers the checks of `latchkey doctor` to the pages of this process. */
export function offerServerStatus(examine: Examine): void {
  shared.latchkeyExamine = examine;
}

/** What the checks find; null where this process has none to offer (`next dev`). No secret is in it. */
export const readServerStatus = readUseCase({
  permission: "server.read",
  firstAccountOnly: true,
  run: async (): Promise<DoctorReport | null> => (await shared.latchkeyExamine?.()) ?? null,
});

/** Whether the actor's account is the first one of this server. */
export const isServersAccount = readUseCase({
  permission: "account.read",
  run: ({ accountId }) => isFirstAccount(accountId),
});
