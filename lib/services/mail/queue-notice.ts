import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import type { Mail, Notice, NoticeParams } from "@/lib/domain/mail";
import { queueMail } from "./queue";

/**
 * Tells a user by mail what was done to their way of signing in, when the transaction commits.
 *
 * @param to the user's e-mail address; not the new one where it changes
 * @param params what the notice says besides time, browser and address
 */
export function queueNotice<N extends Notice>(
  tx: Transaction,
  notice: N,
  to: string,
  params: NoticeParams[N],
  { address, userAgent }: Origin,
): Promise<void> {
  const facts = { at: new Date().toISOString(), address, userAgent };
  return queueMail(tx, { to, template: notice, params: { ...params, ...facts } } as unknown as Mail);
}
