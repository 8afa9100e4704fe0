import { clientTokenDigest, instanceTokenDigest } from "@/lib/crypto/digest";
import { clientTokenHeader } from "@/lib/domain/client-token";
import type { RequestFacts } from "@/lib/domain/gate";
import { classifyPresentedToken } from "@/lib/domain/presented-token";
import { parseRequestPath, type RequestPath } from "@/lib/domain/request-path";
import { valuesOf } from "./header-lines";
import type { GateRequest } from "./messages";

const headerName = clientTokenHeader.toLowerCase();

/** A request reduced to facts, with its path where that is well formed. */
export interface GatheredFacts {
  readonly path: RequestPath | null;
  readonly facts: RequestFacts;
}

/** Turns a request into facts. The tokens themselves go no further than this: only digests do. */
export function gatherFacts(request: GateRequest): GatheredFacts {
  const path = parseRequestPath(request.target);
  const presented = classifyPresentedToken(valuesOf(request.headers, headerName));
  return {
    path,
    facts: {
      instanceTokenDigest: path && instanceTokenDigest(path.instanceToken),
      presented,
      presentedDigest: presented.kind === "well_formed" ? clientTokenDigest(presented.value) : null,
      clientAddress: request.clientAddress,
    },
  };
}
