import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const db = "**/*.db.test.ts";
const alone = "**/*.alone.test.{ts,tsx}";
const dbAlone = "**/*.alone.db.test.ts";
const http = "**/*.http.test.{ts,tsx}";
const processes = "**/*.process.test.ts";
const chaos = "**/*.chaos.test.ts";
const deploy = "**/*.deploy.test.ts";
const never = ["**/node_modules/**", ".next/**", "dist/**", "e2e/**", ".latchkey/**"];
const unitEnv = {
  LATCHKEY_SECRET: "a secret of the unit tests, 32 characters or more",
  LOG_LEVEL: "silent",
};
const alias = { "@": import.meta.dirname };

/**
 * Projects by what a test needs: nothing, a PostgreSQL, a running server, whole processes, containers; and what takes
 * too long for every run. `npm test`, `npm run chaos` and `npm run test:deploy` provide all of it; see test/run.ts.
 *
 * Loading takes most files longer than running, so they share the modules of their worker. A file that
 * replaces a module, or wants a configuration of its own, is called `*.alone.*` and gets a process.
 */
export default defineConfig({
  test: {
    // By default, half of two cores would be left idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...never, db, http, processes, chaos, deploy, alone],
          isolate: false,
          testTimeout: 20_000,
          env: unitEnv,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "unit, alone",
          include: [alone],
          exclude: never,
          env: unitEnv,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "db",
          include: [db],
          exclude: [...never, dbAlone],
          setupFiles: ["test/support/own-database.ts"],
          isolate: false,
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "db, alone",
          include: [dbAlone],
          exclude: never,
          setupFiles: ["test/support/own-database.ts"],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "http",
          include: [http],
          exclude: never,
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "process",
          include: [processes],
          exclude: never,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: { name: "chaos", include: [chaos], exclude: never, testTimeout: 300_000, hookTimeout: 120_000 },
      },
      {
        resolve: { alias },
        // The first test may have to build the image.
        test: {
          name: "deploy",
          include: [deploy],
          exclude: never,
          testTimeout: 300_000,
          hookTimeout: 1_200_000,
        },
      },
    ],
  },
});
