import { db } from "@/lib/db/client";
import type { AnswerStyle } from "@/lib/domain/answer-style";
import type { WrittenRoute } from "@/lib/domain/preset";
import { shownName } from "@/lib/domain/seen-text";
import { openHeaders } from "../instances/upstream";
import { readUseCase } from "../use-case";

/** What is shown of a service. No secret in it. */
interface ServiceView {
  readonly id: string;
  readonly name: string;
  readonly preset: string;
  /** null: the built-in echo answers. */
  readonly upstreamUrl: string | null;
  readonly hosts: readonly string[];
  readonly routes: readonly WrittenRoute[];
  readonly strayParameters: readonly string[];
  readonly tokenHeader: string | null;
  readonly answerStyle: AnswerStyle;
  /** Names of the request headers added for callers that have proven themselves; their values stay sealed. */
  readonly headerNames: readonly string[];
  readonly firstByteSeconds: number | null;
  /** How many instances are called through it. */
  readonly instances: number;
  readonly createdAt: Date;
}

/**
 * The account's services, oldest first.
 *
 * @throws Refusal `forbidden`
 */
export const listServices = readUseCase({
  permission: "instance.read",
  run: async ({ accountId }): Promise<readonly ServiceView[]> => {
    const services = await db.service.findMany({
      where: { accountId },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      include: { hostNames: { orderBy: { name: "asc" } }, _count: { select: { instances: true } } },
    });
    return services.map((service) => {
      const { answerStyle } = service;
      const { id, preset, upstreamUrl, strayParameters, tokenHeader, firstByteSeconds, createdAt } = service;
      return {
        id,
        name: shownName(service.name),
        preset,
        upstreamUrl,
        hosts: service.hostNames.map(({ name }) => name),
        routes: service.routes as unknown as WrittenRoute[],
        strayParameters,
        tokenHeader,
        answerStyle,
        headerNames: openHeaders(`service:${id}`, service.headersSealed).map(([name]) => name),
        firstByteSeconds,
        instances: service._count.instances,
        createdAt,
      };
    });
  },
});
