-- AlterTable
ALTER TABLE "Membership" ADD COLUMN     "sessionsEndedAt" TIMESTAMPTZ(3);
