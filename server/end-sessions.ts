import "./output.js";
import { endSessionsOf, endSessionsOfAll } from "@/lib/services/session/end-sessions";
import { many, nobodyHas, operate } from "./operate";
import { print, StartError } from "./terminal";

const usage = `say whose: npm run end-sessions -- person@example.com, or npm run end-sessions -- --all
  It signs that person, or everybody, out of every browser. Nothing else changes.`;

await operate(([whose, ...more]) => {
  const all = whose === "--all";
  if (!whose || more.length > 0 || !(all || whose.includes("@"))) throw new StartError(usage);
  return async () => {
    const ended = all ? await endSessionsOfAll() : await endSessionsOf(whose);
    if (!ended) throw nobodyHas(whose);
    const of = all ? `${ended.people} ${ended.people === 1 ? "person" : "people"}` : whose;
    print(`ended ${many(ended.sessions, "session")} of ${of}.`);
  };
});
