-- AlterTable
ALTER TABLE "KnownCaller" ADD COLUMN     "liveSince" TIMESTAMPTZ(3);
