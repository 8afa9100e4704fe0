import account from "./account.json";
import accounts from "./accounts.json";
import activity from "./activity.json";
import addresses from "./addresses.json";
import answers from "./answers.json";
import auth from "./auth.json";
import away from "./away.json";
import broken from "./broken.json";
import command from "./command.json";
import common from "./common.json";
import consequence from "./consequence.json";
import doctor from "./doctor.json";
import endpoints from "./endpoints.json";
import errors from "./errors.json";
import failure from "./failure.json";
import imports from "./imports.json";
import instances from "./instances.json";
import invitation from "./invitation.json";
import keep from "./keep.json";
import mail from "./mail.json";
import members from "./members.json";
import overview from "./overview.json";
import passkeys from "./passkeys.json";
import preflight from "./preflight.json";
import rejected from "./rejected.json";
import security from "./security.json";
import services from "./services.json";
import settings from "./settings.json";
import traffic from "./traffic.json";
import twoStep from "./two-step.json";

/** Every sentence of Latchkey in pt-BR, by area. */
export default {
  command,
  doctor,
  common,
  broken,
  errors,
  failure,
  auth,
  account,
  accounts,
  invitation,
  members,
  overview,
  imports,
  instances,
  services,
  security,
  activity,
  settings,
  traffic,
  preflight,
  consequence,
  passkeys,
  keep,
  mail,
  rejected,
  addresses,
  endpoints,
  twoStep,
  away,
  answers,
};
