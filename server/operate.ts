import { endSessionsOf, endSessionsOfAll } from "@/lib/services/session/end-sessions";
import { resetTwoStep as resetTwoStepOf } from "@/lib/services/two-step/two-step";
import { defineCommand, UsageError } from "./command";
import { withInstallation } from "./installation";
import { StartError } from "./terminal";
import { words } from "./words";

// What whoever stands at the machine does to people of the Latchkey that is installed there.

const nobodyHas = (email: string) => new StartError(words("operate.nobody", { email }));

/** @throws UsageError unless there is one address and nothing else */
function oneAddress([email, ...more]: readonly string[]): string {
  if (!email?.includes("@") || more.length > 0) throw new UsageError(words("operate.oneAddress"));
  return email;
}

/** `latchkey end-sessions` */
export const endSessions = defineCommand({
  name: "end-sessions",
  operands: "[EMAIL]",
  options: { all: { type: "boolean" } },
  json: true,
  async run({ options, operands, result }) {
    if (options.all && operands.length > 0) throw new UsageError(words("operate.allOrOne"));
    const email = options.all ? null : oneAddress(operands);
    const ended = await withInstallation(() => (email === null ? endSessionsOfAll() : endSessionsOf(email)));
    if (!ended) throw nobodyHas(email ?? "");
    result(
      ended,
      email === null ? words("operate.endedAll", { ...ended }) : words("operate.ended", { ...ended, email }),
    );
    return 0;
  },
});

/** `latchkey reset-two-step` */
export const resetTwoStep = defineCommand({
  name: "reset-two-step",
  operands: "EMAIL",
  options: {},
  json: true,
  async run({ operands, result }) {
    const email = oneAddress(operands);
    const done = await withInstallation(() => resetTwoStepOf(email));
    if (!done) throw nobodyHas(email);
    result(done, words("operate.reset", { ...done }));
    return 0;
  },
});
