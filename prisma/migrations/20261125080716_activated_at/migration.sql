-- AlterTable
ALTER TABLE "Account" ADD COLUMN     "activatedAt" TIMESTAMPTZ(3);
