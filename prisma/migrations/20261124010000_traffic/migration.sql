-- AlterTable
ALTER TABLE "Account" ADD COLUMN     "trafficDays" INTEGER NOT NULL DEFAULT 30;

-- CreateTable
CREATE TABLE "Caller" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "instanceId" TEXT NOT NULL,
    "others" BOOLEAN NOT NULL DEFAULT false,
    "address" TEXT,
    "agent" TEXT NOT NULL,
    "userAgent" TEXT NOT NULL,
    "firstSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "lastMethod" TEXT NOT NULL,
    "lastPath" TEXT NOT NULL,
    "lastOutcome" TEXT NOT NULL,
    "lastToken" TEXT NOT NULL,
    "acceptedAt" TIMESTAMPTZ(3),
    "rejectedAt" TIMESTAMPTZ(3),
    "liveAt" TIMESTAMPTZ(3),
    "notLiveAt" TIMESTAMPTZ(3),

    CONSTRAINT "Caller_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CallerHour" (
    "callerId" UUID NOT NULL,
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "outcome" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,

    CONSTRAINT "CallerHour_pkey" PRIMARY KEY ("callerId","hour","outcome","token")
);

-- CreateTable
CREATE TABLE "TrafficHour" (
    "instanceId" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "outcome" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,

    CONSTRAINT "TrafficHour_pkey" PRIMARY KEY ("instanceId","hour","outcome","token")
);

-- CreateIndex
CREATE INDEX "Caller_accountId_idx" ON "Caller"("accountId");

-- CreateIndex
CREATE INDEX "Caller_instanceId_idx" ON "Caller"("instanceId");

-- CreateIndex
CREATE INDEX "CallerHour_hour_idx" ON "CallerHour"("hour");

-- CreateIndex
CREATE INDEX "TrafficHour_hour_idx" ON "TrafficHour"("hour");

-- AddForeignKey
ALTER TABLE "Caller" ADD CONSTRAINT "Caller_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CallerHour" ADD CONSTRAINT "CallerHour_callerId_fkey" FOREIGN KEY ("callerId") REFERENCES "Caller"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TrafficHour" ADD CONSTRAINT "TrafficHour_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance"("id") ON DELETE CASCADE ON UPDATE CASCADE;
