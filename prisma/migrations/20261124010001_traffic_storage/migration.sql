-- Gates update these rows once a second. With half of each page free, the new version of a row stays on its
-- page and no index has to hear of it (heap-only tuples), so that the tables do not grow while they are updated.
ALTER TABLE "Caller" SET (fillfactor = 50);
ALTER TABLE "CallerHour" SET (fillfactor = 50);
ALTER TABLE "TrafficHour" SET (fillfactor = 50);
