/** What an account's address list does: nothing, only watch, or reject. */
export type AddressMode = "off" | "observe" | "enforce";

/** The steps of the ladder, up and down. */
export type AddressStep = "observe" | "enforce" | "stop_enforcing" | "stop_observing";

const ladder: Readonly<Record<AddressStep, readonly [from: AddressMode, to: AddressMode]>> = {
  observe: ["off", "observe"],
  // One looks first: there is no way from nothing to enforcing.
  enforce: ["observe", "enforce"],
  stop_enforcing: ["enforce", "observe"],
  stop_observing: ["observe", "off"],
};

/** The mode after a step; null where there is no such step from here. */
export function afterStep(mode: AddressMode, step: AddressStep): AddressMode | null {
  const [from, to] = ladder[step];
  return mode === from ? to : null;
}

/** The state in words: a list that nobody looks at yet is `off`, and without entries nothing is configured. */
type AddressStatus = "none" | AddressMode;

/** Derives the shown state. */
export function addressStatus(mode: AddressMode, rules: number): AddressStatus {
  return mode === "off" && rules === 0 ? "none" : mode;
}
