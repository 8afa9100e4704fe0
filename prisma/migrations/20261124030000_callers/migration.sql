-- AlterTable
ALTER TABLE "Caller" ADD COLUMN     "dismissedAt" TIMESTAMPTZ(3),
ADD COLUMN     "name" TEXT;

