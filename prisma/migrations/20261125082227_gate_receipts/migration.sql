-- AlterTable
ALTER TABLE "Account" ADD COLUMN     "epochAt" TIMESTAMPTZ(3),
ADD COLUMN     "epochXid" BIGINT;

-- CreateTable
CREATE TABLE "GateNode" (
    "id" UUID NOT NULL,
    "gateId" UUID NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "leadPid" INTEGER NOT NULL,
    "stalenessMs" INTEGER NOT NULL,
    "snapshot" TEXT,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "GateNode_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "GateReceipt" (
    "accountId" UUID NOT NULL,
    "nodeId" UUID NOT NULL,
    "epoch" BIGINT NOT NULL,
    "appliedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "GateReceipt_pkey" PRIMARY KEY ("accountId","nodeId")
);

-- CreateIndex
CREATE INDEX "GateReceipt_appliedAt_idx" ON "GateReceipt"("appliedAt");
