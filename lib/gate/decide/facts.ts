import { instanceTokenDigest } from "@/lib/crypto/digest";
import type { RequestFacts } from "@/lib/domain/gate";
import { parseRequestPath, type RequestPath } from "@/lib/domain/instance-url";
import { clientTokenHeader } from "@/lib/domain/token-format";
import { valuesOf } from "../headers";
import { type GateRequest, judgeToken } from "../messages";

const headerName = clientTokenHeader.toLowerCase();

const noToken = judgeToken([]);

/** A request reduced to facts, with its path where that is well formed. */
export interface GatheredFacts {
  readonly path: RequestPath | null;
  readonly facts: RequestFacts;
}

/** Turns a request into facts. The tokens themselves go no further than this: only digests do. */
export function gatherFacts({ target, headers, clientAddress, memo }: GateRequest): GatheredFacts {
  const path = memo ? memo.path(target) : parseRequestPath(target);
  const lines = valuesOf(headers, headerName);
  const [line] = lines;
  const token =
    line === undefined ? noToken : memo && lines.length === 1 ? memo.token(line) : judgeToken(lines);
  const digest = memo ? memo.instanceDigest : instanceTokenDigest;
  return {
    path,
    facts: {
      instanceTokenDigest: path && digest(path.instanceToken),
      presented: token.presented,
      presentedDigest: token.digest,
      clientAddress,
    },
  };
}
