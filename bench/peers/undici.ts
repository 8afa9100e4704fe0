import { nodeProgram } from "./node-program";

export const undici = nodeProgram("undici", "bare undici proxy", "undici");
