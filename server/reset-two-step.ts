import "./output.js";
import { resetTwoStep, type TwoStepReset } from "@/lib/services/two-step/reset";
import { many, nobodyHas, operate } from "./operate";
import { print, StartError } from "./terminal";

const usage = `say whose: npm run reset-two-step -- person@example.com
  It removes every second factor and recovery code of that person and ends their sessions.`;

function sentenceOf({ email, apps, passkeys, recoveryCodes, sessions }: TwoStepReset): string {
  const gone = [
    many(apps, "authenticator app"),
    many(passkeys, "passkey"),
    many(recoveryCodes, "unused recovery code"),
  ];
  return (
    `${email}: removed ${gone.join(", ")}; ended ${many(sessions, "session")}.\n` +
    "  The password alone signs in now, until a second step is set up again."
  );
}

await operate(([email, ...more]) => {
  if (!email?.includes("@") || more.length > 0) throw new StartError(usage);
  return async () => {
    const done = await resetTwoStep(email);
    if (!done) throw nobodyHas(email);
    print(sentenceOf(done));
  };
});
