-- AlterTable
ALTER TABLE "Session" ADD COLUMN     "formerUntil" TIMESTAMPTZ(3),
ADD COLUMN     "generation" INTEGER NOT NULL DEFAULT 0;
