import { text } from "node:stream/consumers";
import { constantRateInput } from "../load/generators";
import { OpenLoop } from "../load/open-loop";

const input = constantRateInput.parse(JSON.parse(await text(process.stdin)));
const loop = new OpenLoop(input);
process.on("SIGTERM", () => loop.stop());
const result = await loop.run();
process.stdout.write(JSON.stringify(result), () => process.exit());
