-- AlterTable
ALTER TABLE "PendingSignIn" ADD COLUMN     "presentAt" TIMESTAMPTZ(3);
