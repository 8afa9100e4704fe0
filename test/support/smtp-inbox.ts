import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/** A mail as a mail server of another make took and parsed it. */
interface ReceivedMail {
  /** Where the envelope sent it. */
  readonly recipients: readonly string[];
  readonly parsed: ParsedMail;
}

/** A real mail server for tests that keeps what it takes. */
export interface SmtpInbox {
  readonly url: string;
  readonly received: readonly ReceivedMail[];
  /** What the server answers to each recipient; undefined accepts. */
  refuseWith: number | undefined;
  close(): Promise<void>;
}

/** Starts a mail server on this machine. @param port 0 for any that is free */
export async function startSmtpInbox(port = 0): Promise<SmtpInbox> {
  const received: ReceivedMail[] = [];
  const inbox = { refuseWith: undefined as number | undefined };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onRcptTo(address, _session, done) {
      const code = inbox.refuseWith;
      if (code === undefined) done();
      else done(Object.assign(new Error(`no ${address.address} here`), { responseCode: code }));
    },
    onData(stream, session, done) {
      simpleParser(stream).then(
        (parsed) => {
          received.push({ recipients: session.envelope.rcptTo.map(({ address }) => address), parsed });
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  server.on("error", () => {});
  const listening = server.listen(port, "127.0.0.1");
  if (!listening.listening) await once(listening, "listening");
  const { port: taken } = listening.address() as AddressInfo;
  return Object.assign(inbox, {
    url: `smtp://127.0.0.1:${taken}`,
    received,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

/** A mail server that tests read over HTTP. */
interface TestInbox {
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
