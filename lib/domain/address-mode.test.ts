import { expect, test } from "vitest";
import { type AddressMode, type AddressStep, addressStatus, afterStep } from "./address-mode";

const modes: readonly AddressMode[] = ["off", "observe", "enforce"];
const steps: readonly AddressStep[] = ["observe", "enforce", "stop_enforcing", "stop_observing"];

test("the ladder has exactly these steps", () => {
  const found = modes.flatMap((mode) =>
    steps.flatMap((step) => {
      const to = afterStep(mode, step);
      return to ? [`${mode} ${step} ${to}`] : [];
    }),
  );
  expect(found).toEqual([
    "off observe observe",
    "observe enforce enforce",
    "observe stop_observing off",
    "enforce stop_enforcing observe",
  ]);
});

test("nothing is configured as long as there is neither an entry nor a mode", () => {
  expect(addressStatus("off", 0)).toBe("none");
  expect(addressStatus("off", 1)).toBe("off");
  expect(addressStatus("observe", 0)).toBe("observe");
});
