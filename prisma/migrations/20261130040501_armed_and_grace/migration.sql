-- CreateEnum
CREATE TYPE "GraceEnd" AS ENUM ('token', 'hand');

-- AlterEnum
ALTER TYPE "Enforcement" ADD VALUE 'grace';

-- AlterTable
ALTER TABLE "Account" ADD COLUMN     "armedAt" TIMESTAMPTZ(3),
ADD COLUMN     "armedBy" TEXT,
ADD COLUMN     "askAt" TIMESTAMPTZ(3),
ADD COLUMN     "graceSince" TIMESTAMPTZ(3),
ADD COLUMN     "graceUntil" TIMESTAMPTZ(3),
ADD COLUMN     "holdSeconds" INTEGER NOT NULL DEFAULT 600;

-- AlterTable
ALTER TABLE "Membership" ADD COLUMN     "mutedAlerts" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "Instance" ADD COLUMN     "readySince" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Caller" ADD COLUMN     "leftOutAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "KnownCaller" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "instanceId" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "agent" TEXT NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "endedBy" "GraceEnd",

    CONSTRAINT "KnownCaller_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SentAlert" (
    "accountId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SentAlert_pkey" PRIMARY KEY ("accountId","kind","subject")
);

-- CreateIndex
CREATE INDEX "KnownCaller_accountId_idx" ON "KnownCaller"("accountId");

-- CreateIndex
CREATE INDEX "KnownCaller_instanceId_idx" ON "KnownCaller"("instanceId");

-- CreateIndex
CREATE INDEX "SentAlert_at_idx" ON "SentAlert"("at");

-- AddForeignKey
ALTER TABLE "KnownCaller" ADD CONSTRAINT "KnownCaller_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "KnownCaller" ADD CONSTRAINT "KnownCaller_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SentAlert" ADD CONSTRAINT "SentAlert_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
