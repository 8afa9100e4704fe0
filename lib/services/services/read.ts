import { z } from "zod";
import { db } from "@/lib/db/client";
import type { WrittenRoute } from "@/lib/domain/preset";
import { shownName } from "@/lib/domain/seen-text";
import { type ServiceDetail, type ServiceView, serviceInstancesShown } from "@/lib/domain/service-view";
import { openHeaders } from "../instances/upstream";
import { readUseCase } from "../use-case";
import { findService } from "./change";

const shown = {
  hostNames: { orderBy: { name: "asc" } },
  _count: { select: { instances: true } },
} as const;

type Found = Awaited<ReturnType<typeof findService>> & {
  readonly hostNames: readonly { readonly name: string }[];
  readonly _count: { readonly instances: number };
};

function viewOf(service: Found): ServiceView {
  const { id, preset, upstreamUrl, strayParameters, tokenHeader, answerStyle } = service;
  const { firstByteSeconds, createdAt } = service;
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
      include: shown,
    });
    return services.map(viewOf);
  },
});

/**
 * One service with its newest instances, without any secret.
 *
 * @throws Refusal `forbidden`, `not_found`
 */
export const readService = readUseCase({
  permission: "instance.read",
  input: z.object({ serviceId: z.string() }),
  run: async ({ accountId }, { serviceId }): Promise<ServiceDetail> => {
    const { id } = await findService(db, accountId, serviceId);
    const service = await db.service.findUniqueOrThrow({ where: { id, accountId }, include: shown });
    const instances = await db.instance.findMany({
      where: { serviceId: id, accountId },
      orderBy: [{ createdAt: "desc" }, { id: "asc" }],
      take: serviceInstancesShown,
      select: { id: true, name: true, label: true, hostNames: shown.hostNames },
    });
    const newest = instances.map(({ hostNames, name, ...rest }) => ({
      ...rest,
      name: shownName(name),
      hosts: hostNames.map((host) => host.name),
    }));
    return { ...viewOf(service), newest };
  },
});
