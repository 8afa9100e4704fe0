import { randomBytes } from "node:crypto";
import { query } from "./database";

// Each file of tests starts with empty tables, so that each can be the first to register, and files can run
// side by side: every worker has a database of its own, copied from a migrated one and emptied for each
// file. Without a template the given DATABASE_URL is used as it is. The server goes with all of them.
const template = process.env.LATCHKEY_TEST_TEMPLATE;
const worker = globalThis as typeof globalThis & { latchkeyTestDatabase?: string };

async function ownDatabase(of: string): Promise<string> {
  const url = new URL(of);
  const source = url.pathname.slice(1);
  const name = `${source}_${randomBytes(6).toString("hex")}`;
  const admin = new URL(of);
  admin.pathname = "/postgres";
  await query(admin.href, `create database ${name} template ${source}`);
  url.pathname = `/${name}`;
  return url.href;
}

// As a replica: the audit trail lets nothing be removed.
const emptyAll = `set session_replication_role = replica; do $$ begin execute (
  select 'truncate ' || string_agg(format('%I', tablename), ', ') || ' restart identity cascade'
  from pg_tables where schemaname = 'public' and tablename <> '_prisma_migrations'); end $$`;

if (template) {
  if (worker.latchkeyTestDatabase) await query(worker.latchkeyTestDatabase, emptyAll);
  worker.latchkeyTestDatabase ??= await ownDatabase(template);
  process.env.DATABASE_URL = worker.latchkeyTestDatabase;
}
