-- AlterTable
ALTER TABLE "Instance" ADD COLUMN     "firstByteSeconds" INTEGER;
