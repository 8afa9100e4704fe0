-- AlterTable
ALTER TABLE "Account" ADD COLUMN     "auditHash" TEXT NOT NULL DEFAULT '0000000000000000000000000000000000000000000000000000000000000000';

-- AlterTable
ALTER TABLE "AuditEvent" ADD COLUMN     "hash" TEXT,
ADD COLUMN     "prevHash" TEXT;

-- CreateIndex
CREATE INDEX "AuditEvent_accountId_actorLabel_seq_idx" ON "AuditEvent"("accountId", "actorLabel", "seq");

-- CreateIndex
CREATE INDEX "AuditEvent_accountId_at_idx" ON "AuditEvent"("accountId", "at");

-- The hash of an event in the form of lib/domain/audit-chain.ts, version 1. PostgreSQL escapes text in JSON as
-- RFC 8785 does; keys of details are ASCII, values of details are text, whole numbers, true, false or null.
CREATE FUNCTION pg_temp.audit_hash(e "AuditEvent") RETURNS TEXT LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM jsonb_each(e."details") d
    WHERE jsonb_typeof(d.value) IN ('object', 'array')
       OR (jsonb_typeof(d.value) = 'number' AND d.value::text !~ '^-?[0-9]{1,15}$')
  ) THEN
    RAISE EXCEPTION 'audit event % of account % has details that cannot be chained', e."seq", e."accountId";
  END IF;
  RETURN encode(sha256(convert_to(
    '{"account":' || to_json(e."accountId"::text) ||
    ',"action":' || to_json(e."action") ||
    ',"actor":' || to_json(e."actorLabel") ||
    ',"actorId":' || coalesce(to_json(e."actorUserId"::text)::text, 'null') ||
    ',"address":' || to_json(e."address") ||
    ',"at":"' || to_char(e."at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') ||
    '","details":{' || coalesce((
      SELECT string_agg(to_json(d.key)::text || ':' || d.value::text, ',' ORDER BY d.key COLLATE "C")
      FROM jsonb_each(e."details") d), '') ||
    '},"prevHash":' || to_json(e."prevHash") ||
    ',"seq":' || e."seq" ||
    ',"target":' || coalesce(to_json(e."targetLabel")::text, 'null') ||
    ',"targetId":' || coalesce(to_json(e."targetId")::text, 'null') ||
    ',"targetType":' || coalesce(to_json(e."targetType")::text, 'null') ||
    ',"type":"event","userAgent":' || to_json(e."userAgent") || ',"v":1}', 'UTF8')), 'hex');
END $$;

-- Chains the events that are there, and says in the trail that it was done now: until here nothing proves them.
DO $$
DECLARE
  account "Account"%ROWTYPE;
  event "AuditEvent"%ROWTYPE;
  head TEXT;
BEGIN
  FOR account IN SELECT * FROM "Account" a WHERE EXISTS (SELECT 1 FROM "AuditEvent" e WHERE e."accountId" = a."id") LOOP
    INSERT INTO "AuditEvent" ("accountId", "seq", "at", "action", "actorLabel", "targetType", "address", "userAgent", "details")
    VALUES (account."id", account."auditSeq" + 1, clock_timestamp(), 'audit.chained', '', 'audit', 'unknown', '',
            jsonb_build_object('events', account."auditSeq"));
    head := account."auditHash";
    FOR event IN SELECT * FROM "AuditEvent" WHERE "accountId" = account."id" ORDER BY "seq" LOOP
      event."prevHash" := head;
      head := pg_temp.audit_hash(event);
      UPDATE "AuditEvent" SET "prevHash" = event."prevHash", "hash" = head
      WHERE "accountId" = event."accountId" AND "seq" = event."seq";
    END LOOP;
    UPDATE "Account" SET "auditSeq" = "auditSeq" + 1, "auditHash" = head WHERE "id" = account."id";
  END LOOP;
END $$;

DROP FUNCTION pg_temp.audit_hash("AuditEvent");

ALTER TABLE "AuditEvent" ALTER COLUMN "hash" SET NOT NULL,
ALTER COLUMN "prevHash" SET NOT NULL;

-- Events can be added, and go together with their whole account; nothing else. The account is looked up in the
-- table's own schema, so that a temporary table of that name deceives nobody.
CREATE FUNCTION "latchkey_audit_append_only"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
  account_exists BOOLEAN;
BEGIN
  IF TG_OP = 'DELETE' THEN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I."Account" WHERE "id" = $1)', TG_TABLE_SCHEMA)
      INTO account_exists USING OLD."accountId";
    IF NOT account_exists THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'audit events can only be added (% refused)', lower(TG_OP) USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER "audit_append_only" BEFORE UPDATE OR DELETE ON "AuditEvent"
  FOR EACH ROW EXECUTE FUNCTION "latchkey_audit_append_only"();

CREATE TRIGGER "audit_no_truncate" BEFORE TRUNCATE ON "AuditEvent"
  FOR EACH STATEMENT EXECUTE FUNCTION "latchkey_audit_append_only"();
