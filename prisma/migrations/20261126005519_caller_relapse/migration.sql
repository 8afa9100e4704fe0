-- AlterTable
ALTER TABLE "Caller" ADD COLUMN     "relapsedAt" TIMESTAMPTZ(3),
ADD COLUMN     "relapsedFrom" TIMESTAMPTZ(3);
