import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/db/client";
import { claimMessages } from "@/lib/db/outbox";
import { inTransaction } from "@/lib/db/transaction";
import type { Mail } from "@/lib/domain/mail";
// biome-ignore lint/style/noRestrictedImports: the two ends of the outbox meet in this test only
import { queueMail } from "@/lib/services/mail/queue";
import { type SmtpInbox, startSmtpInbox } from "@/test/support/smtp-inbox";
import { type Courier, retrySeconds, startCourier } from "./courier";

let port: number;
let inbox: SmtpInbox;
let couriers: Courier[] = [];

const reset = (to: string): Mail => ({
  to,
  template: "reset_password",
  params: { path: "/reset-password#abc" },
});
const queue = (mail: Mail) => inTransaction((tx) => queueMail(tx, mail));
const waiting = () => db.outbox.count();
const waitUntil = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 15_000, interval: 20 });
const hurry = () => db.outbox.updateMany({ data: { dueAt: new Date(0) } });

function start(count = 1): void {
  for (let i = 0; i < count; i++) {
    const courier = startCourier();
    if (courier) couriers.push(courier);
  }
}

async function stop(): Promise<void> {
  await Promise.all(couriers.map((each) => each.close()));
  couriers = [];
}

beforeAll(async () => {
  const first = await startSmtpInbox();
  await first.close();
  port = Number(new URL(first.url).port);
  // Before the configuration is first read.
  process.env.SMTP_URL = `smtp://127.0.0.1:${port}`;
  process.env.MAIL_FROM = "Latchkey <latchkey@example.com>";
  process.env.LATCHKEY_URL = "https://latchkey.example.com";
});

beforeEach(async () => {
  inbox = await startSmtpInbox(port);
});

afterEach(async () => {
  await stop();
  await inbox.close();
  await db.outbox.deleteMany();
});

describe("the courier", () => {
  test("sends a queued mail when its transaction commits, once, in both forms, and forgets it", async () => {
    start();
    await queue(reset("ana@example.com"));
    await waitUntil(() => inbox.received.length > 0);
    await waitUntil(async () => (await waiting()) === 0);
    const [mail] = inbox.received;
    expect(mail?.recipients).toEqual(["ana@example.com"]);
    expect(mail?.parsed.from?.text).toBe('"Latchkey" <latchkey@example.com>');
    expect(mail?.parsed.subject).toBe("Set a new password");
    const link = "https://latchkey.example.com/reset-password#abc";
    expect(mail?.parsed.text).toContain(link);
    expect(mail?.parsed.html).toContain(`href="${link}"`);
    expect(inbox.received).toHaveLength(1);
  });

  test("sends nothing when the transaction does not commit", async () => {
    start();
    const failed = inTransaction(async (tx) => {
      await queueMail(tx, reset("ana@example.com"));
      throw new Error("changed my mind");
    });
    await expect(failed).rejects.toThrow("changed my mind");
    await queue(reset("bo@example.com"));
    await waitUntil(() => inbox.received.length > 0);
    expect(inbox.received.map(({ recipients }) => recipients[0])).toEqual(["bo@example.com"]);
  });

  test("keeps a mail while the server is down, and delivers it once when it is back", async () => {
    await inbox.close();
    start();
    await queue(reset("ana@example.com"));
    const tried = async () => (await db.outbox.findFirstOrThrow()).attempts > 0;
    await waitUntil(tried);
    inbox = await startSmtpInbox(port);
    await stop();
    await hurry();
    start();
    await waitUntil(() => inbox.received.length > 0);
    await waitUntil(async () => (await waiting()) === 0);
    expect(inbox.received).toHaveLength(1);
  });

  test("tries again what is refused for now, and gives up what is refused for good", async () => {
    inbox.refuseWith = 450;
    start();
    await queue(reset("ana@example.com"));
    const putBack = async () => {
      const mail = await db.outbox.findFirst();
      // Beyond the first pause it would still be leased, not put back.
      return mail?.attempts === 1 && mail.dueAt.getTime() - Date.now() < 10_000;
    };
    await waitUntil(putBack);
    inbox.refuseWith = 550;
    await stop();
    await hurry();
    start();
    await waitUntil(async () => (await waiting()) === 0);
    expect(inbox.received).toHaveLength(0);
  });

  test("several processes send each mail once", async () => {
    const people = Array.from({ length: 40 }, (_, index) => `person-${index}@example.com`);
    for (const to of people) await queue(reset(to));
    start(4);
    await waitUntil(async () => (await waiting()) === 0);
    expect(inbox.received.map(({ recipients }) => recipients[0]).sort()).toEqual([...people].sort());
  });

  test("does not send what is no longer worth sending, and forgets it", async () => {
    await queue(reset("ana@example.com"));
    await db.outbox.updateMany({ data: { expiresAt: new Date(0) } });
    start();
    await waitUntil(async () => (await waiting()) === 0);
    expect(inbox.received).toHaveLength(0);
  });
});

describe("the outbox", () => {
  test("holds neither address nor link in plain", async () => {
    await queue(reset("ana@example.com"));
    const text = JSON.stringify(await db.outbox.findMany());
    expect(text).not.toMatch(/ana@|reset-password#/);
  });

  test("gives a mail that one process took to no other before its lease ends", async () => {
    await queue(reset("ana@example.com"));
    expect(await claimMessages(["mail"], 5)).toHaveLength(1);
    expect(await claimMessages(["mail"], 5)).toHaveLength(0);
    await hurry();
    expect((await claimMessages(["mail"], 5))[0]?.attempts).toBe(2);
  });
});

test("no name and no address can add a header or a recipient", async () => {
  start();
  const account = "Bakery\r\nBcc: victim@example.com\r\n\r\nHello";
  const params = { account, inviter: "ana@example.com", role: "viewer", path: "/x" } as const;
  await queue({ to: "bo@example.com", template: "invitation", params });
  await waitUntil(() => inbox.received.length > 0);
  const [mail] = inbox.received;
  expect(mail?.recipients).toEqual(["bo@example.com"]);
  expect(mail?.parsed.bcc).toBeUndefined();
  expect(mail?.parsed.subject).toBe("Join Bakery Bcc: victim@example.com Hello on Latchkey");
});

test("an alert says in its head where it is switched off, and no name of a caller adds anything to it", async () => {
  start();
  const title = "n8n\r\nBcc: victim@example.com";
  const callers = [
    { title, others: false, address: "203.0.113.9", instance: "Shop", reason: "missing" },
  ] as const;
  await queue({
    to: "bo@example.com",
    template: "caller_stopped",
    params: { account: "Bakery", callers, total: 1 },
  });
  await waitUntil(() => inbox.received.length > 0);
  const [mail] = inbox.received;
  expect(mail?.parsed.headers.get("list")).toMatchObject({
    unsubscribe: { url: "https://latchkey.example.com/settings#alerts" },
  });
  expect(mail?.parsed.bcc).toBeUndefined();
  expect(mail?.parsed.text).toContain("n8n Bcc: victim@example.com: Shop · 203.0.113.9 · sends no token");
});

test("pauses between attempts grow from seconds to ten minutes, and no further", () => {
  const pauses = [1, 2, 3, 4, 8, 50, 5000].map(retrySeconds);
  expect(pauses).toEqual([5, 10, 20, 40, 600, 600, 600]);
});
