import type { Api } from "../../api/api.ts";
import { events } from "../../api/resources.ts";
import type { Thing } from "../../api/api.ts";
import { holders } from "../kinds-of-harm.ts";
import type { ChaosAim } from "./aim.ts";
import { labels, resourceOf, type ChaosThing, type Kind } from "./words.ts";

const placeOf = ({ manifest }: ChaosAim) => manifest.metadata.namespace!;

/** The objects that a storm made itself: one, or with replacements followed, more. */
export const ownOf = (api: Api, aim: ChaosAim): Promise<readonly ChaosThing[]> =>
  api.list<ChaosThing>(resourceOf(aim.manifest.kind as Kind), { namespace: placeOf(aim), labels: `${labels.storm}=${aim.manifest.metadata.name}` });

interface Template {
  readonly templateType: string;
  readonly schedule?: { readonly type: string };
}

/** The kinds that Chaos Mesh makes by itself for a schedule or a workflow. */
export function madeKinds(kind: string, spec: ChaosThing["spec"]): readonly Kind[] {
  const found = new Set<string>();
  if (kind === "Schedule") found.add(spec["type"] as string);
  const templates = (spec["templates"] ?? (spec["workflow"] as ChaosThing["spec"] | undefined)?.["templates"] ?? []) as readonly Template[];
  for (const { templateType, schedule } of templates) {
    if (templateType in holders || templateType === "Schedule") found.add(templateType);
    if (schedule) found.add(schedule.type);
  }
  return [...found] as Kind[];
}

/** What Chaos Mesh made for a schedule or a workflow, and for the schedules and workflows within. */
export async function madeFor(api: Api, aim: ChaosAim): Promise<readonly ChaosThing[]> {
  const { kind, metadata, spec } = aim.manifest;
  if (kind in holders) return [];
  const kinds = madeKinds(kind, spec);
  const found = new Map<string, ChaosThing>();
  let makers: readonly Pick<ChaosThing, "kind" | "metadata">[] = [{ kind, metadata }];
  // A workflow of a schedule of a workflow is the deepest that can be written.
  while (makers.length > 0) {
    const lists = await Promise.all(makers.flatMap((maker) => kinds.map((of) => api.list<ChaosThing>(resourceOf(of), { namespace: placeOf(aim), labels: `${maker.kind === "Schedule" ? labels.schedule : labels.workflow}=${maker.metadata.name}` }))));
    const fresh = lists.flat().filter(({ metadata: { uid } }) => !found.has(uid!));
    for (const one of fresh) found.set(one.metadata.uid!, one);
    makers = fresh.filter((one) => !(one.kind in holders));
  }
  return [...found.values()];
}

/** The steps of a workflow. */
export const stepsOf = (api: Api, aim: ChaosAim): Promise<readonly ChaosThing[]> =>
  api.list<ChaosThing>(resourceOf("WorkflowNode"), { namespace: placeOf(aim), labels: `${labels.workflow}=${aim.manifest.metadata.name}` });

interface EventThing extends Thing {
  readonly reason?: string;
  readonly message?: string;
}

/** Why nothing was selected: only an event says so, and a condition that is also there before the first look. */
export async function unselected(api: Api, thing: ChaosThing): Promise<string | undefined> {
  if ((thing.status?.experiment?.containerRecords ?? []).length > 0 || thing.metadata.uid === undefined) return undefined;
  const told = await api.list<EventThing>(events, { namespace: thing.metadata.namespace!, fields: `involvedObject.uid=${thing.metadata.uid}` });
  return told.find(({ reason, message }) => reason === "Failed" && /select targets/.test(message ?? ""))?.message;
}
