import { type AddressList, compileAddressList } from "@/lib/domain/address-list";

/** Lists that are remembered; each has 500 entries at most. */
const mostCompiled = 1000;

/** Lists compiled last, by account and entries. */
const compiled = new Map<string, AddressList>();

/**
 * An account's list, compiled. All its instances share one, with what that remembers of the addresses looked
 * up; accounts share nothing.
 *
 * @throws RangeError naming the first entry that is neither an address nor a CIDR
 */
export function addressListOf(accountId: string, cidrs: readonly string[]): AddressList {
  if (cidrs.length === 0) return compileAddressList(cidrs);
  const key = `${accountId} ${cidrs.join(" ")}`;
  const known = compiled.get(key);
  if (known) return known;
  const list = compileAddressList(cidrs);
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(key, list);
  return list;
}
