-- AlterTable
ALTER TABLE "Account" ADD COLUMN     "isFirst" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "SeenPeer" (
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "peer" TEXT NOT NULL,
    "forwarded" BOOLEAN NOT NULL,
    "requests" BIGINT NOT NULL,

    CONSTRAINT "SeenPeer_pkey" PRIMARY KEY ("hour","peer","forwarded")
);

-- The account that was made when there was none, as far as it still exists.
UPDATE "Account" SET "isFirst" = true WHERE "id" = (SELECT "id" FROM "Account" ORDER BY "createdAt", "id" LIMIT 1);
