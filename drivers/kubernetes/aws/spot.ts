import { aimNodes, nodesReplaced, type NodeAim } from "../../../src/faults/nodes.ts";
import * as resources from "../api/resources.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { nodeRef } from "../cluster/nodes.ts";
import { slimNode } from "../cluster/slim.ts";
import { sharedClients, type Clients } from "./client.ts";
import { assertGood, endExperiment, findExperiment, findTemplate, readExperiment, startExperiment } from "./experiment.ts";
import type { AwsFault } from "./fault.ts";
import { wholeWith } from "./fis.ts";
import { instanceId, readInstances, stateOf, type Instance } from "./instance.ts";
import { runTag, tokenTag } from "./names.ts";
import { asked } from "./refusal.ts";
import { readSpot, type AwsSettings, type SpotSettings } from "./settings.ts";

const kind = "spot-interruption";

export interface SpotAim extends NodeAim {
  readonly instances: readonly string[];
  readonly arns: readonly string[];
  readonly token: string;
  readonly aws: AwsSettings;
}

const partitionOf = (region: string): string => (region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws");

/** The running spot instances under these nodes, by the node's name. Nodes that are not of EC2 have none. */
async function spotsOf(cluster: KubernetesCluster, clients: Clients, region: string): Promise<ReadonlyMap<string, Instance>> {
  const ids = new Map<string, string>();
  for (const node of (await cluster.api.list(resources.nodes)).map(slimNode).map(nodeRef)) {
    if (/^aws:\/\/\/[^/]*\/i-/.test(node.providerID ?? "")) ids.set(node.name, instanceId(node, region));
  }
  const instances = new Map((await readInstances(clients, [...ids.values()])).map((one) => [one.id, one]));
  return new Map([...ids].flatMap(([name, id]) => {
    const one = instances.get(id);
    return one?.spot && one.state === "running" ? [[name, one] as const] : [];
  }));
}

/** Removes what was made for it, and stops what is not sent yet; a notice that was given can't be taken back. */
export async function healSpot(cluster: KubernetesCluster, aim: SpotAim): Promise<boolean> {
  const clients = sharedClients(aim.aws);
  if (!(await endExperiment(clients, aim.token))) return false;
  const template = await findTemplate(clients, aim.token);
  if (template !== undefined) {
    const fis = await clients.fis();
    await asked("fis:DeleteExperimentTemplate", () => fis.deleteExperimentTemplate({ id: template }));
  }
  return wholeWith(cluster, aim);
}

/**
 * AWS takes spot instances back, as it does when it needs them: with a notice to the instance, and two minutes later
 * (or `notice`) the end. By FIS, with a template that is made for it and removed by `heal`. Recovered when the
 * instances are gone and the pods that ran there are replaced on other nodes.
 *
 * @throws SEA_AWS_SETTING; when aiming SEA_AIM_EMPTY for fewer spot nodes with ready pods than asked for, or where the last
 * ready node or pod would go; SEA_FIS_ENDED or SEA_HARM_MISSED from `recovered`; and what `ec2()` throws of AWS's answers
 * @example spotInterruption({ region: "eu-central-1", fisRole: "arn:aws:iam::123456789012:role/fis" })
 */
export function spotInterruption(given: SpotSettings): AwsFault<SpotAim> {
  const { fisRole, count = 1, pool, notice, alarms, evenLast, aws } = readSpot(given);
  const { region } = aws;
  const clients = sharedClients(aws);
  const tags = (run: string, token: string) => ({ Name: "Seatrial", [runTag]: run, [tokenTag]: token });
  return Object.freeze({
    kind,
    harm: `lets AWS take back ${count} spot node${count === 1 ? "" : "s"}${pool === undefined ? "" : ` of ${pool}`}`,
    mendedBy: { platform: true },
    costs: [{ what: "node", count, ...(pool === undefined ? {} : { name: pool }) }],
    needs: [{ verbs: ["list"], group: "", resource: "nodes", namespaced: false }],
    awsNeeds: [
      { action: "ec2:DescribeInstances", on: ["any"] },
      { action: "iam:PassRole", on: ["role"], id: fisRole, only: "passing" },
      { action: "fis:StartExperiment", on: ["template", "experiment"] },
      ...["CreateExperimentTemplate", "DeleteExperimentTemplate"].map((one) => ({ action: `fis:${one}`, on: ["template" as const] })),
      { action: "fis:TagResource", on: ["template", "experiment"] },
      ...["GetExperiment", "StopExperiment"].map((one) => ({ action: `fis:${one}`, on: ["experiment" as const] })),
      ...["ListExperiments", "ListExperimentTemplates"].map((one) => ({ action: `fis:${one}`, on: ["any" as const] })),
    ],
    aim: async (cluster, random) => {
      const spots = await spotsOf(cluster, clients, region);
      const aim = await aimNodes(kind, cluster, random, { count, ...(pool === undefined ? {} : { pool }), evenLast }, ({ name }) => spots.has(name));
      const chosen = aim.nodes.map((name) => spots.get(name)!);
      return {
        ...aim, aws,
        instances: chosen.map(({ id }) => id),
        arns: chosen.map(({ id, account }) => `arn:${partitionOf(region)}:ec2:${region}:${account}:instance/${id}`),
        // The same token makes nothing twice, so another run must have another one.
        token: `${cluster.run}-${random.int(0, 2 ** 31)}`,
      };
    },
    inject: async (cluster, aim) => {
      const fis = await clients.fis();
      const { experimentTemplate } = await asked("fis:CreateExperimentTemplate", () => fis.createExperimentTemplate({
        clientToken: aim.token,
        description: `Spot interruption of ${aim.nodes.join(", ")}`.slice(0, 512),
        roleArn: fisRole,
        stopConditions: alarms.length === 0 ? [{ source: "none" }] : alarms.map((value) => ({ source: "aws:cloudwatch:alarm", value })),
        targets: { nodes: { resourceType: "aws:ec2:spot-instance", resourceArns: [...aim.arns], selectionMode: "ALL" } },
        actions: { interrupt: { actionId: "aws:ec2:send-spot-instance-interruptions", parameters: { durationBeforeInterruption: notice }, targets: { SpotInstances: "nodes" } } },
        tags: tags(cluster.run, aim.token),
      }));
      await startExperiment(clients, experimentTemplate!.id!, aim.token, cluster.run);
    },
    recovered: async (cluster, aim) => {
      const id = await findExperiment(clients, aim.token);
      if (id === undefined) return false;
      const experiment = await readExperiment(clients, id);
      assertGood(experiment, kind);
      if (!(await nodesReplaced(cluster, aim))) return false;
      const instances = await readInstances(clients, aim.instances);
      return aim.instances.every((one) => ["gone", "stopped"].includes(stateOf(instances.find((each) => each.id === one), false)));
    },
    heal: healSpot,
  } satisfies AwsFault<SpotAim>);
}
