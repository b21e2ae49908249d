import { whole } from "../../../../src/faults/whole.ts";
import { problem } from "../../../../src/units/errors.ts";
import type { KubernetesCluster } from "../../cluster/cluster.ts";
import { pods } from "../../api/resources.ts";
import type { PodThing } from "../select/pods.ts";
import { kind, type ChaosAim } from "./aim.ts";
import { madeFor, ownOf, stepsOf, unselected } from "./found.ts";
import { conditionOf, stateOf } from "./state.ts";
import type { ChaosThing } from "./words.ts";

const missed = (why: string, mend: string) => problem("SEA_HARM_MISSED", { fault: kind, why, mend });

const lookAt = "see kubectl describe of the object, and the log of chaos-controller-manager: chaos-daemon may not run on the pod's node";

/** Is one object's fault taken away again? Trouble on the way is told, not waited out in silence. */
async function letGo({ api }: KubernetesCluster, thing: ChaosThing): Promise<boolean> {
  const state = stateOf(thing);
  if (state.over) return true;
  const nothing = await unselected(api, thing);
  if (nothing !== undefined) throw missed(nothing, "the pods that were aimed at are gone, or Chaos Mesh may not harm their namespace: see whether it filters by the annotation chaos-mesh.org/inject=enabled");
  const trouble = state.marks.find((mark) => mark.trouble && !mark.recovered)?.trouble;
  const left = state.marks.filter(({ injected }) => !injected);
  if (state.stopping && left.length > 0) throw missed(`${left.length} of ${state.marks.length} targets were never reached${trouble ? `: ${trouble.why}` : ""}`, lookAt);
  if (trouble) throw problem("SEA_CHAOS_FAILED", { act: trouble.act === "inject" ? "harm" : "let go of", target: state.marks.find((mark) => mark.trouble)!.id, why: trouble.why });
  return false;
}

/** Are the pods that were hit once gone, or their containers new? */
async function replaced({ api }: KubernetesCluster, aim: ChaosAim): Promise<boolean> {
  const now = await Promise.all(aim.pods.map(({ name, namespace }) => api.read<PodThing>(pods, name, namespace)));
  return aim.pods.every((was, index) => {
    const pod = now[index];
    if (pod?.metadata.uid !== was.uid) return true;
    return aim.manifest.spec["action"] === "container-kill" && (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0) > was.restarts;
  });
}

/** Where an object of the storm stands: whether it reached all its targets by now, and whether it let go of them. */
interface Stand {
  readonly struck: boolean;
  readonly over: boolean;
}

async function workflowStand(cluster: KubernetesCluster, aim: ChaosAim, thing: ChaosThing): Promise<Stand> {
  const steps = await stepsOf(cluster.api, aim);
  const made = await madeFor(cluster.api, aim);
  const struck = steps.some((step) => conditionOf(step, "ChaosInjected") === "True") || made.some((one) => stateOf(one).struck);
  const ended = conditionOf(thing, "Accomplished") === "True" && made.length === 0;
  if (ended && !struck && !seen.has(aim)) throw missed("the workflow ended before it harmed anything", "see its steps: kubectl get workflownodes");
  return { struck, over: ended };
}

/** A schedule goes on for ever: it is never over by itself. */
async function scheduleStand(cluster: KubernetesCluster, aim: ChaosAim): Promise<Stand> {
  return { struck: (await madeFor(cluster.api, aim)).some((one) => stateOf(one).struck), over: false };
}

async function standOf(cluster: KubernetesCluster, aim: ChaosAim, thing: ChaosThing): Promise<Stand> {
  if (aim.manifest.kind === "Workflow") return workflowStand(cluster, aim, thing);
  if (aim.manifest.kind === "Schedule") return scheduleStand(cluster, aim);
  const { struck } = stateOf(thing);
  // What happens once is over when it has; its object stays as it is.
  return { struck, over: aim.once && struck ? true : await letGo(cluster, thing) };
}

/** Storms that were seen to strike: their objects may be gone, and nothing else would prove it. */
const seen = new WeakSet<ChaosAim>();

/**
 * Came the harm, is it gone, and are the workloads whole? By the counts of each target alone. An
 * object that is gone, lifted or deleted by others, took its harm with it, if it ever did any.
 */
export async function recoveredChaos(cluster: KubernetesCluster, aim: ChaosAim): Promise<boolean> {
  const own = await ownOf(cluster.api, aim);
  const stands: Stand[] = [];
  for (const thing of own) stands.push(await standOf(cluster, aim, thing));
  if (own.length > 0 && stands.every(({ struck }) => struck)) seen.add(aim);
  if (!stands.every(({ over }) => over)) return false;
  if (!seen.has(aim)) throw missed("its object was taken away before it reached anything", "hold the harm for longer: lift({ after })");
  return (!aim.once || (await replaced(cluster, aim))) && whole(cluster, aim.wanted);
}
