-- AlterTable
ALTER TABLE "Instance" ADD COLUMN     "label" TEXT,
ADD COLUMN     "serviceId" UUID;

-- CreateTable
CREATE TABLE "Service" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "preset" TEXT NOT NULL,
    "upstreamUrl" TEXT,
    "headersSealed" TEXT,
    "firstByteSeconds" INTEGER,
    "routes" JSONB NOT NULL DEFAULT '[]',
    "strayParameters" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "tokenHeader" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Service_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "HostName" (
    "name" TEXT NOT NULL,
    "accountId" UUID NOT NULL,
    "serviceId" UUID,
    "instanceId" TEXT,

    CONSTRAINT "HostName_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "Service_accountId_createdAt_idx" ON "Service"("accountId", "createdAt");

-- CreateIndex
CREATE INDEX "HostName_accountId_idx" ON "HostName"("accountId");

-- CreateIndex
CREATE INDEX "HostName_serviceId_idx" ON "HostName"("serviceId");

-- CreateIndex
CREATE INDEX "HostName_instanceId_idx" ON "HostName"("instanceId");

-- CreateIndex
CREATE UNIQUE INDEX "Instance_serviceId_label_key" ON "Instance"("serviceId", "label");

-- CreateIndex
CREATE UNIQUE INDEX "Instance_serviceId_tokenDigest_key" ON "Instance"("serviceId", "tokenDigest");

-- AddForeignKey
ALTER TABLE "Instance" ADD CONSTRAINT "Instance_serviceId_fkey" FOREIGN KEY ("serviceId") REFERENCES "Service"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Service" ADD CONSTRAINT "Service_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "HostName" ADD CONSTRAINT "HostName_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "HostName" ADD CONSTRAINT "HostName_serviceId_fkey" FOREIGN KEY ("serviceId") REFERENCES "Service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "HostName" ADD CONSTRAINT "HostName_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance"("id") ON DELETE CASCADE ON UPDATE CASCADE;
