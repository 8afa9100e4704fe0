import type { ConformanceCase } from "./case";
import { credentialCases } from "./credential-cases";
import { echoCases } from "./echo-cases";
import { pathCases } from "./path-cases";
import { policyCases } from "./policy-cases";
import { requestBodyCases } from "./request-body-cases";
import { requestHeaderCases } from "./request-header-cases";
import { responseCachingCases, responseHeaderCases, responseStatusCases } from "./response-cases";
import { requestUrlCases, responseUrlCases } from "./response-url-cases";

/** The wire contract in executable form: every door is run against all of it. */
export const conformanceTable: readonly ConformanceCase[] = [
  ...pathCases,
  ...credentialCases,
  ...policyCases,
  ...requestHeaderCases,
  ...requestBodyCases,
  ...responseHeaderCases,
  ...responseStatusCases,
  ...responseUrlCases,
  ...requestUrlCases,
  ...responseCachingCases,
  ...echoCases,
];
