-- AlterTable
ALTER TABLE "Account" ADD COLUMN     "askedAt" TIMESTAMPTZ(3);
