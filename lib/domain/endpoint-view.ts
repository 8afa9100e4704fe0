import type { AddressMode } from "./address-mode";
import type { CallerLabel } from "./caller-view";
import type { EndpointKind } from "./endpoint-rule";
import type { SeenJudged } from "./endpoint-seen";
import type { PresetId } from "./preset";

/** Callers that the module names, and endpoints that it lists and that it names of each caller. */
export const endpointCallersShown = 20;
export const seenEndpointsShown = 100;
export const endpointsNamed = 3;

/** A rule, and the requests it is about: those it rejects, or where rules say what is let in, those it lets in. */
export interface EndpointRuleView {
  readonly rule: string;
  readonly method: string;
  readonly path: string;
  readonly requests: number;
}

/** A caller that would be rejected, or was, with the endpoints it would lose or has lost. */
export interface EndpointCallerView extends CallerLabel {
  readonly id: string;
  readonly lastSeenAt: Date;
  /** The first few, as `DELETE /instance/delete/{instance}`, and how many more. */
  readonly endpoints: readonly string[];
  readonly moreEndpoints: number;
  /** It called more endpoints than are remembered. */
  readonly unknown: boolean;
  readonly requests: number;
}

/** Callers as the module lists them: the first few by name, all by number. */
export interface EndpointCallers {
  readonly callers: readonly EndpointCallerView[];
  readonly total: number;
  /** Callers beyond those kept apart are among them. */
  readonly others: boolean;
  /** Callers that are not. */
  readonly passing: number;
}

/** An endpoint that callers call, and what the rules as they are would do to it. */
export interface SeenEndpointView {
  readonly method: string;
  readonly path: string;
  readonly callers: number;
  readonly requests: number;
  readonly verdict: SeenJudged["verdict"];
}

/** Endpoints of a preset that people allow or deny together. */
export interface EndpointGroupView {
  readonly preset: PresetId;
  readonly presetName: string;
  readonly group: string;
  readonly rules: readonly string[];
}

/** What the region *Endpoint rules* shows. */
export interface EndpointRulesView {
  readonly instanceId: string;
  readonly name: string;
  readonly mode: AddressMode;
  readonly kind: EndpointKind;
  readonly rules: readonly EndpointRuleView[];
  /** While observing: whom enforcing would reject. */
  readonly forecast: EndpointCallers | null;
  /** While enforcing: who was rejected in the last 24 hours. */
  readonly rejections: EndpointCallers | null;
  /** Those called most first. */
  readonly seen: readonly SeenEndpointView[];
  readonly moreSeen: number;
  /** Of the instance's own preset; of all of them where it stands alone. */
  readonly groups: readonly EndpointGroupView[];
  /** Whether this reader may change them. */
  readonly mayChange: boolean;
}
