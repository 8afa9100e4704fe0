import { nodeProgram } from "./node-program";

export const fastify = nodeProgram("fastify", "@fastify/http-proxy", "@fastify/http-proxy");
