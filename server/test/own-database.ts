import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll } from "vitest";

// Each file of tests gets a database of its own, copied from a migrated one, so that files can run side
// by side and each can be the first to register. Without a template the given DATABASE_URL is used as it is.
const template = process.env.LATCHKEY_TEST_TEMPLATE;

if (template) {
  const url = new URL(template);
  const source = url.pathname.slice(1);
  const name = `${source}_${randomBytes(6).toString("hex")}`;
  const admin = new URL(template);
  admin.pathname = "/postgres";

  const onAdmin = async (statement: string) => {
    const client = new pg.Client({ connectionString: admin.href });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };

  await onAdmin(`create database ${name} template ${source}`);
  url.pathname = `/${name}`;
  process.env.DATABASE_URL = url.href;
  afterAll(() => onAdmin(`drop database if exists ${name} with (force)`));
}
