import type { Aim, Cost, Target } from "../../../src/model/fault.ts";
import { byName, whole, type Wanted } from "../../../src/faults/whole.ts";
import type { Clock } from "../../../src/units/clock.ts";
import { problem } from "../../../src/units/errors.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { sharedClients, type Clients } from "./client.ts";
import { assertGood, endExperiment, findExperiment, isOver, readExperiment, startExperiment, stopExperiment } from "./experiment.ts";
import type { AwsFault } from "./fault.ts";
import { asked, codeOf } from "./refusal.ts";
import { readFis, type AwsSettings, type FisSettings } from "./settings.ts";
import { weigh, type Weighed } from "./template.ts";

const kind = "fis-experiment";

export interface FisAim extends Aim {
  readonly template: string;
  /** By this the experiment is found again. */
  readonly token: string;
  readonly aws: AwsSettings;
  /** The alarms that stop it. */
  readonly stops: readonly string[];
  /** The workloads that were whole, and the nodes that were ready. */
  readonly wanted: Wanted;
  readonly nodes: readonly string[];
}

/** One resource that FIS has chosen. */
export interface FisTarget {
  readonly target: string;
  readonly resourceType: string;
  /** Its ARN, or what FIS knows it by. */
  readonly resource: string;
}

export interface FisFault extends AwsFault<FisAim, "platform" | "end"> {
  /** The targets that FIS would choose now, found by an experiment that skips all actions. FIS may choose others next time. */
  readonly preview: (clock: Clock, run: string, token: string) => Promise<readonly FisTarget[]>;
}

const lookMs = 1_000;
const previewWithinMs = 120_000;

/** Are the workloads whole, and the nodes ready, unless they were replaced? */
export async function wholeWith(cluster: KubernetesCluster, { wanted, nodes }: { readonly wanted: Wanted; readonly nodes: readonly string[] }): Promise<boolean> {
  const late = (await cluster.nodes()).some(({ name, ready }) => !ready && nodes.includes(name));
  return !late && whole(cluster, wanted);
}

/** Stops the experiment where it is under way; FIS then undoes what it has undone at its end. */
export async function healFis(cluster: KubernetesCluster, aim: FisAim): Promise<boolean> {
  const clients = sharedClients(aim.aws);
  if (!(await endExperiment(clients, aim.token))) return false;
  return wholeWith(cluster, aim);
}

/**
 * An experiment of AWS Fault Injection Service, by its template: AWS injects, undoes what its actions undo,
 * and stops it by itself when one of the template's alarms fires, also when nobody is here any more.
 *
 * Recovered when the experiment is complete, every workload that was whole is whole, and every node that was ready
 * is ready or replaced. One that fails, is cancelled, or is stopped by an alarm never is.
 *
 * @throws SEA_AWS_SETTING; when aiming SEA_AIM_EMPTY for a template that is not there or has no targets, SEA_AIM_MANY
 * for one that may harm more than `harms` says; SEA_FIS_ENDED or SEA_HARM_MISSED from `recovered`; and what `ec2()` throws of AWS's answers
 * @example fisExperiment({ region: "eu-central-1", template: "EXTDCh1jdpqgv1vGw", harms: { nodes: 1 } })
 */
export function fisExperiment(given: FisSettings): FisFault {
  const { template, harms, ...aws } = readFis(given);
  const clients = sharedClients(aws);
  const costs: Cost[] = [
    ...(harms.nodes === undefined ? [] : [{ what: "node" as const, count: harms.nodes }]),
    ...(harms.pods === undefined ? [] : [{ what: "pod" as const, count: harms.pods }]),
    ...(harms.data ?? []).map((name) => ({ what: "data" as const, name })),
  ];
  return Object.freeze({
    kind,
    harm: `runs the FIS experiment ${template}`,
    mendedBy: { platform: true, end: true },
    costs,
    aim: async (cluster, random) => {
      const { targets, stops } = await readTemplate(clients, template);
      const [workloads, nodes] = await Promise.all([cluster.workloads(), cluster.nodes()]);
      return {
        targets: allot(targets, harms),
        template, stops, aws,
        // The same token starts nothing twice, so another run must have another one.
        token: `${cluster.run}-${random.int(0, 2 ** 31)}`,
        wanted: Object.fromEntries(workloads.filter((one) => one.ready >= one.wanted).sort(byName).map(({ name, wanted }) => [name, wanted])),
        nodes: nodes.filter(({ ready }) => ready).map(({ name }) => name).sort(),
      };
    },
    inject: async (cluster, aim) => void (await startExperiment(clients, aim.template, aim.token, cluster.run)),
    recovered: async (cluster, aim) => {
      const id = await findExperiment(clients, aim.token);
      if (id === undefined) return false;
      const experiment = await readExperiment(clients, id);
      assertGood(experiment, kind);
      return isOver(experiment) && wholeWith(cluster, aim);
    },
    heal: healFis,
    preview: async (clock, run, token) => {
      const fis = await clients.fis();
      const id = await startExperiment(clients, template, token, run, true);
      const untilMs = clock.now() + previewWithinMs;
      let now = await readExperiment(clients, id);
      while (!isOver(now) && clock.now() < untilMs) {
        await clock.sleep(lookMs);
        now = await readExperiment(clients, id);
      }
      if (now.status !== "completed") {
        if (!isOver(now)) await stopExperiment(clients, id);
        throw problem("SEA_FIS_ENDED", { experiment: id, status: now.status, reason: now.reason }, `template ${template}`);
      }
      const chosen: FisTarget[] = [];
      let nextToken: string | undefined;
      do {
        const page = await asked("fis:ListExperimentResolvedTargets", () => fis.listExperimentResolvedTargets({ experimentId: id, maxResults: 100, ...(nextToken === undefined ? {} : { nextToken }) }));
        for (const { targetName = "", resourceType = "", targetInformation = {} } of page.resolvedTargets ?? []) {
          chosen.push({ target: targetName, resourceType, resource: targetInformation["arn"] ?? JSON.stringify(targetInformation) });
        }
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return chosen;
    },
    needs: [],
    awsNeeds: [
      { action: "fis:GetExperimentTemplate", on: ["template"], id: template },
      { action: "fis:StartExperiment", on: ["template", "experiment"], id: template },
      ...["TagResource", "GetExperiment", "StopExperiment", "ListExperimentResolvedTargets"].map((one) => ({ action: `fis:${one}`, on: ["experiment" as const] })),
      { action: "fis:ListExperiments", on: ["any"] },
    ],
  } satisfies FisFault);
}

async function readTemplate(clients: Clients, id: string): Promise<{ readonly targets: readonly Weighed[]; readonly stops: readonly string[] }> {
  const fis = await clients.fis();
  const found = await asked("fis:GetExperimentTemplate", () => fis.getExperimentTemplate({ id }).catch((error: unknown) => {
    if (codeOf(error) !== "ResourceNotFoundException") throw error;
    return undefined;
  }));
  const template = found?.experimentTemplate;
  if (!template) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `no experiment template ${id} in this account and region` });
  const targets = Object.entries(template.targets ?? {}).map(([name, target]) => weigh(name, target));
  if (targets.length === 0) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `template ${id} has no targets` });
  return { targets, stops: (template.stopConditions ?? []).flatMap(({ source, value }) => (source === "none" ? [] : [value ?? source ?? ""])) };
}

/** The targets as far as they are known before FIS chooses. @throws SEA_AIM_MANY */
function allot(targets: readonly Weighed[], harms: FisSettings["harms"]): readonly Target[] {
  const may: Partial<Record<Target["what"], number>> = { node: harms.nodes ?? 0, pod: harms.pods ?? 0, data: harms.data?.length ?? 0 };
  return [...Map.groupBy(targets, ({ what }) => what)].flatMap(([what, all]): readonly Target[] => {
    const known = all.reduce((sum, { most = 0 }) => sum + most, 0);
    const most = may[what] ?? 0;
    if (known > most || most === 0) throw problem("SEA_AIM_MANY", { fault: kind, what: `${all.map(({ says }) => says).join(", ")} (${what}s)`, most }, "harms");
    if (what === "data") return harms.data!.map((name) => ({ what, name }));
    // Where only FIS will know how many, the scenario's word is all there is to go by.
    const count = all.some((one) => one.most === undefined) ? most : known;
    const names = all.map(({ name }) => name).join("+");
    return Array.from({ length: count }, (_, at) => ({ what, name: `${names}#${at + 1}` }));
  });
}
