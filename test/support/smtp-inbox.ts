import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/** A mail as a mail server of another make took and parsed it. */
export interface ReceivedMail {
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
