-- CreateIndex
CREATE INDEX "TrafficHour_rejected_hour_idx" ON "TrafficHour"("hour") WHERE (outcome <> 'accepted');
