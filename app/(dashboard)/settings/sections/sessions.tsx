import { SessionsCard } from "@/components/settings/sessions-card";
import { requireActor } from "@/lib/auth/current-actor";
import { listSessions } from "@/lib/services/session/end-sessions";
import { endOtherSessionsAction, endSessionAction } from "../actions";

export async function SessionsSection() {
  const sessions = await listSessions(await requireActor());
  return (
    <SessionsCard sessions={sessions} endSession={endSessionAction} endOthers={endOtherSessionsAction} />
  );
}
