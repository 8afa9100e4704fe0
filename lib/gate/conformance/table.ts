import type { ConformanceCase } from "./case";
import { credentialCases } from "./credential-cases";
import { pathCases } from "./path-cases";
import { policyCases } from "./policy-cases";
import { requestCases } from "./request-cases";
import { responseCases } from "./response-cases";

/** The wire contract in executable form: every door is run against all of it. */
export const conformanceTable: readonly ConformanceCase[] = [
  ...pathCases,
  ...credentialCases,
  ...policyCases,
  ...requestCases,
  ...responseCases,
];
