import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type ReceivedMail, startSmtpInbox } from "@/test/support/smtp-inbox";

/** A mail server that tests read over HTTP. */
export interface TestInbox {
  /** What dashboards send to. */
  readonly smtpUrl: string;
  /** `GET <url>/<address>` answers with the mails to it, oldest first: `[{subject, text, html}]`. */
  readonly url: string;
  stop(): Promise<void>;
}

const readable = ({ parsed }: ReceivedMail) => ({
  subject: parsed.subject ?? "",
  text: parsed.text ?? "",
  html: parsed.html || "",
});

/** Starts a mail server, and a page beside it that shows what it took. */
export async function startTestInbox(): Promise<TestInbox> {
  const inbox = await startSmtpInbox();
  const server = createServer((request, response) => {
    const address = decodeURIComponent((request.url ?? "/").slice(1));
    const mails = inbox.received.filter(({ recipients }) => recipients.includes(address)).map(readable);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(mails));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    smtpUrl: inbox.url,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await inbox.close();
    },
  };
}
