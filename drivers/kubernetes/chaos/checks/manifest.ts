import { problem, type SeatrialError } from "../../../../src/units/errors.ts";
import { holders, isOnce, type Harming } from "../kinds-of-harm.ts";
import { places } from "../shapes.ts";
import type { Fields, Flaws } from "./flaw.ts";
import { flaw } from "./flaw.ts";
import { kindFlaws } from "./kinds.ts";
import { sayValue, shapeFlaws } from "./shape.ts";
import { time } from "./texts.ts";
import { scheduleFlaws, workflowFlaws } from "./wrappers.ts";

const apiVersion = "chaos-mesh.org/v1alpha1";

/** Kinds that a storm can be made of. */
export const stormKinds: readonly string[] = [...Object.keys(holders), "Schedule", "Workflow"];

const isName = (text: unknown, most: number) => typeof text === "string" && text.length <= most && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text);

/** What a rule of its kind, or one of every kind, refuses. */
function* ruled(kind: string, spec: Fields): Flaws {
  if (kind === "Schedule") return yield* scheduleFlaws(spec);
  if (kind === "Workflow") return yield* workflowFlaws(spec);
  yield* kindFlaws[kind as Harming]!(spec);
  yield* time(spec, "duration");
  if (isOnce(spec) && spec["duration"] !== undefined) yield flaw("duration", `action ${String(spec["action"])} happens once and does not last`, "leave the duration out");
}

/**
 * Everything that is wrong with a manifest, without a cluster: its kind, its fields and their
 * values by the custom resource definitions, and the rules of the admission webhooks. Rules are
 * asked only of what has the right shape.
 */
export function manifestFlaws(manifest: unknown, place: string): readonly SeatrialError[] {
  if (typeof manifest !== "object" || manifest === null) return [problem("SEA_CHAOS_VALUE", { value: sayValue(manifest), want: "a manifest" }, place)];
  const { apiVersion: version, kind, metadata, spec } = manifest as Fields;
  const flaws: SeatrialError[] = [];
  if (version !== apiVersion) flaws.push(problem("SEA_CHAOS_VALUE", { value: sayValue(version), want: apiVersion }, `${place}.apiVersion`));
  if (!stormKinds.includes(String(kind))) return [...flaws, problem("SEA_CHAOS_KIND", { kind: String(kind), known: stormKinds.join(", ") }, `${place}.kind`)];
  const { name, namespace } = (metadata ?? {}) as Fields;
  if (name !== undefined && !isName(name, 40)) flaws.push(problem("SEA_CHAOS_VALUE", { value: sayValue(name), want: "a name of at most 40 small letters, digits, - and ." }, `${place}.metadata.name`));
  if (namespace !== undefined && !isName(namespace, 63)) flaws.push(problem("SEA_CHAOS_VALUE", { value: sayValue(namespace), want: "the name of a namespace" }, `${place}.metadata.namespace`));
  const shaped = shapeFlaws(places[kind as keyof typeof places].spec, spec, `${place}.spec`);
  const broken = shaped.length > 0 ? [] : [...ruled(String(kind), spec as Fields)];
  return [...flaws, ...shaped, ...broken.map(({ field, what, mend }) => problem("SEA_CHAOS_RULE", { what, mend }, `${place}.spec.${field}`))];
}
