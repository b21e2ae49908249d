import type { Plain, Release } from "../../../src/model/cluster.ts";
import { hashLabel, versionLabel, type Template } from "./slim.ts";

const defaultContainer = "kubectl.kubernetes.io/default-container";

/** The container that a release is about: the one that kubectl would choose. */
function mainContainer(template: Template): string {
  const named = template.metadata?.annotations?.[defaultContainer];
  return (template.spec.containers.find(({ name }) => name === named) ?? template.spec.containers[0]!).name;
}

/**
 * The strategic patch that gives a workload's pods another image or environment, and the label that says so.
 *
 * @param selector labels by which the workload knows its pods; they can't change
 */
export function releasePatch({ version, image, env = {} }: Release, template: Template, selector: Readonly<Record<string, string>>): Plain {
  const container = {
    name: mainContainer(template),
    ...(image !== undefined && { image }),
    // A value in place of a reference: both together are refused.
    env: Object.entries(env).map(([name, value]) => ({ name, value, valueFrom: null })),
  };
  const labels = versionLabel in selector ? {} : { metadata: { labels: { [versionLabel]: version } } };
  return { spec: { template: { ...labels, spec: { containers: [container] } } } };
}

/** A template as it was before its controller marked it. */
export function unmarked(template: Template): Template {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}
