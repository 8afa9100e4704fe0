import type { Actor } from "@/lib/domain/actor";
import { addCurrentAddress } from "./add-current";
import { addAddressLines } from "./add-lines";
import { addAddressRule } from "./add-rule";
import { enforceAddresses } from "./enforce";
import { noteAddressRule } from "./note-rule";
import { observeAddresses } from "./observe";
import { removeAddressRule } from "./remove-rule";
import { stopEnforcingAddresses } from "./stop-enforcing";
import { stopObservingAddresses } from "./stop-observing";

type UseCase = (actor: Actor, ruleId: string) => Promise<unknown>;

/** For tests: every change of the address list or its mode. */
export const everyAddressChange: readonly (readonly [name: string, call: UseCase])[] = [
  ["addAddressRule", (actor) => addAddressRule(actor, { address: "198.51.100.7", note: "" })],
  ["addAddressLines", (actor) => addAddressLines(actor, { text: "198.51.100.8" })],
  ["addCurrentAddress", (actor) => addCurrentAddress(actor, { note: "" })],
  ["noteAddressRule", (actor, ruleId) => noteAddressRule(actor, { ruleId, note: "other" })],
  ["observeAddresses", observeAddresses],
  ["enforceAddresses", (actor) => enforceAddresses(actor, { confirmation: "" })],
  ["stopEnforcingAddresses", stopEnforcingAddresses],
  ["stopObservingAddresses", stopObservingAddresses],
  ["removeAddressRule", (actor, ruleId) => removeAddressRule(actor, { ruleId })],
];
