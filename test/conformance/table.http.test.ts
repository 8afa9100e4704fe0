import { afterAll, beforeAll, describe, test } from "vitest";
import { checkCase } from "./check";
import { openSocketDoor, required, type SocketDoor } from "./live-world";
import { conformanceTable } from "./table";

const doors = [
  ["the gate", "gate", "LATCHKEY_TEST_GATE_URL"],
  ["the route handler", "route-handler", "LATCHKEY_TEST_DASHBOARD_URL"],
] as const;

describe.each(doors)("the wire contract, through %s over real sockets", (_name, kind, variable) => {
  let door: SocketDoor;

  beforeAll(async () => {
    door = await openSocketDoor(kind, required(variable));
  });

  afterAll(async () => {
    await door.close();
  });

  test.each(conformanceTable.map((entry) => [entry.name, entry] as const))("%s", async (_name, entry) => {
    await checkCase(entry, door, door.world);
  });
});
