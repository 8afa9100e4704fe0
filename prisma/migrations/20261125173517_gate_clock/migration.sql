-- AlterTable
ALTER TABLE "GateNode" ADD COLUMN     "clockAheadMs" INTEGER;
