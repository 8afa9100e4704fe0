-- AlterTable
ALTER TABLE "Caller" ADD COLUMN     "liveSinceAt" TIMESTAMPTZ(3);
