import type { Plain } from "../../../src/model/cluster.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Machines, NodeRef } from "../machines/machines.ts";
import { clientsOf } from "./client.ts";
import { cutOff, mendCut } from "./cut.ts";
import { holdGroup, readGroups, releaseGroups } from "./hold.ts";
import { instanceId, readInstances, stateOf, type Instance } from "./instance.ts";
import { isolates } from "./interfaces.ts";
import { dryRun, type Permit } from "./permit.ts";
import { machineNeeds, type AwsNeed } from "./policy.ts";
import { prospectOf, sayReplacer, type MachineVerb, type Prospect } from "./prospect.ts";
import { asked } from "./refusal.ts";
import { readEc2, type Ec2Settings } from "./settings.ts";

/** The instance under a node, as `plan` shows it. */
export interface NodeInstance {
  readonly node: string;
  readonly instance: string;
  readonly zone: string;
  readonly spot: boolean;
  readonly state: Instance["state"];
  readonly prospects: Readonly<Record<"stop" | "reboot" | "terminate" | "cut", Prospect>>;
}

export interface Ec2Machines extends Machines {
  readonly kind: "ec2";
  /** The instances under these nodes, and what follows each harm; those that are gone are left out. Reads only. */
  inspect(nodes: readonly NodeRef[]): Promise<readonly NodeInstance[]>;
  /** May this identity do these verbs to these nodes? Asked of EC2 as dry runs: nothing is changed. */
  permits(verbs: readonly MachineVerb[], nodes: readonly NodeRef[]): Promise<readonly Permit[]>;
  /** The calls of AWS that these verbs make, for `iamPolicy`. */
  needs(verbs: readonly MachineVerb[]): readonly AwsNeed[];
}

/**
 * The machines under the nodes of an EKS cluster, or of any whose nodes are instances of EC2. Needs
 * `@aws-sdk/client-ec2`, and `@aws-sdk/client-auto-scaling` for `holdGroup` and `terminate` in a group.
 *
 * @param say tells what is no error and should be known, such as an instance that was replaced before it could be started again
 * @throws SEA_AWS_SETTING; from its verbs SEA_AWS_NODE for nodes that are not of EC2, SEA_AWS_PACKAGE, _CREDENTIALS, _EXPIRED,
 * _DENIED, _THROTTLED, _FORBIDS, _AWAY, _REFUSED for what AWS answers, and SEA_AWS_GONE, _ALONE, _PUBLIC, _UNNOTED, _GROUP
 * @example ec2({ region: "eu-central-1", holdGroup: true })
 */
export function ec2(given: Ec2Settings, say: (line: string) => void = () => {}): Ec2Machines {
  const settings = readEc2(given);
  const clients = clientsOf(settings);
  const { region, isolation, holdGroup: holds = false, evenAlone = false } = settings;
  const isCut = (one: Instance): boolean => one.groups.some((group) => isolates(group, isolation));
  const find = async (node: NodeRef): Promise<Instance | undefined> => (await readInstances(clients, [instanceId(node, region)]))[0];

  /** What can be harmed: an instance that is gone can't. */
  const need = async (node: NodeRef, verb: string): Promise<Instance> => {
    const instance = await find(node);
    if (!instance || stateOf(instance, false) === "gone") throw problem("SEA_AWS_GONE", { node: node.name, instance: instanceId(node, region), verb }, `node ${node.name}`);
    return instance;
  };
  const hold = async ({ replacer }: Instance): Promise<void> => {
    if (holds && replacer?.kind === "group") await holdGroup(clients, replacer.name);
  };
  const act = async (node: NodeRef, action: string, verb: (ids: string[]) => Promise<unknown>): Promise<void> => {
    await asked(`ec2:${action}`, () => verb([instanceId(node, region)]), `node ${node.name}`);
  };

  return Object.freeze({
    kind: "ec2",
    address: { kind: "ec2", ...settings } as Plain,
    stop: async (node) => {
      const instance = await need(node, "stop");
      if (stateOf(instance, false) === "stopped") return;
      await hold(instance);
      const sdk = await clients.ec2();
      await act(node, "StopInstances", (InstanceIds) => sdk.stopInstances({ InstanceIds }));
    },
    start: async (node) => {
      const instance = await find(node);
      if (instance?.state === "stopped") {
        const sdk = await clients.ec2();
        await act(node, "StartInstances", (InstanceIds) => sdk.startInstances({ InstanceIds }));
      } else if (stateOf(instance, false) === "gone") {
        const by = instance?.replacer ? sayReplacer(instance.replacer) : "its Auto Scaling group, or whoever terminated it";
        say(`${instanceId(node, region)} under ${node.name} is gone, and can't be started again: to replace it is up to ${by}`);
      }
      if (holds) await releaseGroups(clients, isolation);
    },
    reboot: async (node) => {
      await need(node, "reboot");
      const sdk = await clients.ec2();
      await act(node, "RebootInstances", (InstanceIds) => sdk.rebootInstances({ InstanceIds }));
    },
    terminate: async (node) => {
      const instance = await find(node);
      if (!instance || stateOf(instance, false) === "gone") return;
      if (!evenAlone) await needReplacer(node, instance);
      const sdk = await clients.ec2();
      await act(node, "TerminateInstances", (InstanceIds) => sdk.terminateInstances({ InstanceIds }));
    },
    cut: async (node) => {
      const instance = await need(node, "cut off");
      await hold(instance);
      await cutOff(clients, instance.id, settings);
    },
    mend: async (node) => {
      await mendCut(clients, instanceId(node, region), settings);
      if (holds) await releaseGroups(clients, isolation);
    },
    state: async (node) => {
      const instance = await find(node);
      const state = stateOf(instance, instance !== undefined && isCut(instance));
      if (state !== "up" || !holds || instance!.replacer?.kind !== "group") return state;
      // It runs, and its group is not as it was.
      const [group] = await readGroups(clients, { name: instance!.replacer.name });
      return group?.held === undefined ? "up" : "unknown";
    },
    inspect: async (nodes) => {
      const instances = await readInstances(clients, nodes.map((node) => instanceId(node, region)));
      return nodes.flatMap((node) => {
        const one = instances.find(({ id }) => id === instanceId(node, region));
        if (!one) return [];
        const { id: instance, zone, spot, state } = one;
        const after = (verb: "stop" | "reboot" | "terminate" | "cut") => prospectOf(one, verb, holds);
        return [{ node: node.name, instance, zone, spot, state, prospects: { stop: after("stop"), reboot: after("reboot"), terminate: after("terminate"), cut: after("cut") } }];
      });
    },
    permits: (verbs, nodes) => dryRun(clients, settings, verbs, nodes.map((node) => instanceId(node, region))),
    needs: (verbs) => machineNeeds(verbs, settings),
  } satisfies Ec2Machines);

  /** Somebody has to start another. */
  async function needReplacer(node: NodeRef, { id, replacer }: Instance): Promise<void> {
    const refuse = (why: string) => problem("SEA_AWS_ALONE", { instance: id, node: node.name, why }, `node ${node.name}`);
    if (!replacer) throw refuse("it is in no Auto Scaling group, nor one of Karpenter's");
    if (replacer.kind !== "group") return;
    const [group] = await readGroups(clients, replacer);
    const stopped = group?.suspended.filter((process) => process === "Launch") ?? [];
    if (stopped.length > 0) throw refuse(`the process ${stopped.join(", ")} of its Auto Scaling group ${replacer.name} is suspended`);
  }
}
