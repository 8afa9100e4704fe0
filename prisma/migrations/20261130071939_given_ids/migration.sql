-- AlterTable
ALTER TABLE "Instance" ADD COLUMN     "givenId" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "Instance_givenId_tokenDigest_key" ON "Instance"("givenId", "tokenDigest");
