import { type AddressCallerRow, readCallerRequests } from "@/lib/db/address-callers";
import { type AddressForecast, inUseMs, locksOut } from "@/lib/domain/address-forecast";
import {
  type AddressCallerView,
  type AddressForecastView,
  addressCallersShown,
} from "@/lib/domain/address-view";

/** A caller as the module lists it. */
export function callerView(row: AddressCallerRow, requests: number, now: Date): AddressCallerView {
  const { dismissedAt: _, ...rest } = row;
  return { ...rest, requests, inUse: now.getTime() - row.lastSeenAt.getTime() <= inUseMs };
}

/** A forecast with the first few callers by name, those heard last first, and the rest as numbers. */
export async function forecastView(
  accountId: string,
  forecast: AddressForecast<AddressCallerRow>,
  now: Date,
): Promise<AddressForecastView> {
  const { rejected, inUse, unknown, passing } = forecast;
  const shown = rejected.slice(0, addressCallersShown);
  const since = new Date(now.getTime() - inUseMs);
  const ids = shown.map(({ id }) => id);
  const requests =
    ids.length > 0 ? await readCallerRequests(accountId, ids, since) : new Map<string, number>();
  return {
    callers: shown.map((row) => callerView(row, requests.get(row.id) ?? 0, now)),
    total: rejected.length,
    inUse: inUse.length,
    unknown: unknown.length,
    passing,
    confirm: locksOut(forecast),
  };
}
