import { Prisma } from "@/prisma/generated/client";

/** True when the database refused a row because its unique value exists already (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
