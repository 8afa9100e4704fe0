-- CreateEnum
CREATE TYPE "EndpointKind" AS ENUM ('except', 'only');

-- AlterTable
ALTER TABLE "Instance" ADD COLUMN     "endpointKind" "EndpointKind" NOT NULL DEFAULT 'except',
ADD COLUMN     "endpointMode" "AddressMode" NOT NULL DEFAULT 'off',
ADD COLUMN     "endpointRules" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "Caller" ADD COLUMN     "moreEndpointsAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "CallerEndpoint" (
    "callerId" UUID NOT NULL,
    "method" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "accepted" BIGINT NOT NULL,
    "rejected" BIGINT NOT NULL,
    "lastAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CallerEndpoint_pkey" PRIMARY KEY ("callerId","method","path")
);

-- AddForeignKey
ALTER TABLE "CallerEndpoint" ADD CONSTRAINT "CallerEndpoint_callerId_fkey" FOREIGN KEY ("callerId") REFERENCES "Caller"("id") ON DELETE CASCADE ON UPDATE CASCADE;
