import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { readLiveSession } from "@/lib/db/sessions";
import { inTransaction } from "@/lib/db/transaction";
import type { Language } from "@/lib/domain/preferences";
import {
  freshEmail,
  freshOrigin,
  makeActor,
  refusedWith,
  signInAgain,
  testPassword,
} from "@/test/support/accounts";
import { mailsTo } from "@/test/support/mail-on";
import { queueMail } from "../mail/queue";
import { inviteMember } from "../members/invite";
import { requestAddressChange } from "./email-address";
import { chooseOwnLanguage, noteLanguage } from "./language";
import { register } from "./register";

/** The languages of the mails that wait for an address. */
const languagesTo = async (email: string) =>
  (await mailsTo(email)).map((mail) => (mail as { readonly language?: Language }).language);

const send = (to: string) =>
  inTransaction((tx) => queueMail(tx, { to, template: "reset_password", params: { path: "/x" } }));

describe("a mail", () => {
  beforeEach(async () => {
    await db.outbox.deleteMany();
  });

  test("is in the language its reader chose, else in that of the pages they signed in on, else in English", async () => {
    const actor = await makeActor();
    await db.outbox.deleteMany();
    await send(actor.email);
    await noteLanguage(actor.sessionId, "es");
    await send(actor.email);
    await chooseOwnLanguage(actor, { language: "pt-BR" });
    await noteLanguage(actor.sessionId, "en");
    await send(actor.email);
    await chooseOwnLanguage(actor, { language: null });
    await send(actor.email);
    expect(await languagesTo(actor.email)).toEqual(["en", "es", "pt-BR", "en"]);
    await send(freshEmail());
  });

  test("to an address that is nobody's yet is in the language of the user whom it names", async () => {
    const actor = await makeActor();
    await chooseOwnLanguage(actor, { language: "pt-BR" });
    const [invited, wanted] = [freshEmail(), freshEmail()];
    await inviteMember(actor, { email: invited, role: "viewer" });
    await requestAddressChange(actor, { email: wanted });
    expect(await languagesTo(invited)).toEqual(["pt-BR"]);
    expect(await languagesTo(wanted)).toEqual(["pt-BR"]);
  });

  test("is in the reader's language also where it names somebody with another", async () => {
    const [inviter, invited] = [await makeActor(), await makeActor()];
    await chooseOwnLanguage(inviter, { language: "es" });
    await chooseOwnLanguage(invited, { language: "pt-BR" });
    await db.outbox.deleteMany();
    await inviteMember(inviter, { email: invited.email, role: "viewer" });
    expect(await languagesTo(invited.email)).toEqual(["pt-BR"]);
  });

  test("that confirms a new user's address is in the language of the page they registered on", async () => {
    const email = freshEmail();
    await register(
      { accountName: "Padaria", email, password: testPassword, language: "pt-BR" },
      freshOrigin(),
    );
    expect(await languagesTo(email)).toEqual(["pt-BR"]);
  });
});

test("a language is chosen for all of a person's sessions, and only one that there is", async () => {
  const actor = await makeActor();
  await chooseOwnLanguage(actor, { language: "es" });
  const { sessionId } = await signInAgain(actor.email);
  for (const id of [actor.sessionId, sessionId]) {
    expect(await readLiveSession(id, new Date())).toMatchObject({ language: "es" });
  }
  const unknown = { language: "tlh" } as unknown as { language: Language };
  expect(await refusedWith(chooseOwnLanguage(actor, unknown))).toMatch(/^invalid language/);
  const other = await makeActor();
  expect(await readLiveSession(other.sessionId, new Date())).toMatchObject({ language: null });
});
