import { callCardId } from "@/components/instances/samples";
import { tokenModuleId } from "@/components/security/security-place";
import { type FixPlace, fixPlaces, type RejectionReason } from "@/lib/domain/rejection";

const hrefs: Readonly<Record<FixPlace, (instanceId: string) => string>> = {
  samples: (instanceId) => `/instances/${instanceId}#${callCardId}`,
  token: () => `/security#${tokenModuleId}`,
  address: () => "/security#address-restriction",
  instance: (instanceId) => `/instances/${instanceId}`,
};

/** Where a rejection is mended. */
export function fixHref(reason: RejectionReason, instanceId: string): string {
  return hrefs[fixPlaces[reason]](instanceId);
}
