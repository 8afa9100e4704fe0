import account from "./messages/en/account.json";
import accounts from "./messages/en/accounts.json";
import activity from "./messages/en/activity.json";
import addresses from "./messages/en/addresses.json";
import auth from "./messages/en/auth.json";
import common from "./messages/en/common.json";
import errors from "./messages/en/errors.json";
import instances from "./messages/en/instances.json";
import invitation from "./messages/en/invitation.json";
import mail from "./messages/en/mail.json";
import members from "./messages/en/members.json";
import overview from "./messages/en/overview.json";
import passkeys from "./messages/en/passkeys.json";
import preflight from "./messages/en/preflight.json";
import rejected from "./messages/en/rejected.json";
import security from "./messages/en/security.json";
import settings from "./messages/en/settings.json";
import traffic from "./messages/en/traffic.json";
import twoStep from "./messages/en/two-step.json";

/** Every sentence of the dashboard in English, by area. The keys are checked by the compiler. */
export const english = {
  common,
  errors,
  auth,
  account,
  accounts,
  invitation,
  members,
  overview,
  instances,
  security,
  activity,
  settings,
  traffic,
  preflight,
  passkeys,
  mail,
  rejected,
  addresses,
  twoStep,
};

/** The shape every language's catalogue has. */
export type Messages = typeof english;
