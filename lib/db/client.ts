import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "@/prisma/generated/client";
import { pool } from "./pool";

const shared = globalThis as typeof globalThis & { latchkeyPrisma?: PrismaClient };

function client(): PrismaClient {
  // Other formats copy a query's arguments into the message, from where they would reach the log.
  shared.latchkeyPrisma ??= new PrismaClient({ adapter: new PrismaPg(pool()), errorFormat: "minimal" });
  return shared.latchkeyPrisma;
}

/**
 * The Prisma client on this process's pool. Connects on first use, never at import, because `next build`
 * imports everything without a database.
 */
export const db: PrismaClient = new Proxy({} as PrismaClient, {
  get(_target, property) {
    const value: unknown = Reflect.get(client(), property);
    return typeof value === "function" ? value.bind(client()) : value;
  },
});

/** True when the database refused a row because its unique value exists already (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
