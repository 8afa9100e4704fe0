import { nodeProgram } from "./node-program";

export const nodeHttp = nodeProgram("node-http", "bare node:http answering itself", null);
