import { afterAll, beforeAll, describe, test } from "vitest";
import { checkCase } from "./check";
import { openSocketDoor, required, type SocketDoor } from "./socket-door";
import { conformanceTable } from "./table";

describe("the wire contract, through the gate over real sockets", () => {
  let door: SocketDoor;

  beforeAll(async () => {
    door = await openSocketDoor("gate", required("LATCHKEY_TEST_GATE_URL"));
  });

  afterAll(async () => {
    await door.close();
  });

  test.each(conformanceTable.map((entry) => [entry.name, entry] as const))("%s", async (_name, entry) => {
    await checkCase(entry, door, door.world);
  });
});
