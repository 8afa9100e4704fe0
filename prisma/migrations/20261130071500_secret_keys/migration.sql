-- AlterTable
ALTER TABLE "ClientToken" ADD COLUMN     "secretId" TEXT;

-- AlterTable
ALTER TABLE "RecoveryCode" ADD COLUMN     "secretId" TEXT;

-- CreateTable
CREATE TABLE "SecretKey" (
    "id" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retiredAt" TIMESTAMPTZ(3),
    "sealed" TEXT,
    "auditKey" TEXT,

    CONSTRAINT "SecretKey_pkey" PRIMARY KEY ("id")
);
