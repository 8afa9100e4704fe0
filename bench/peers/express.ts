import { nodeProgram } from "./node-program";

export const express = nodeProgram("express", "express + http-proxy-middleware", "http-proxy-middleware");
