import { problem } from "../../../src/units/errors.ts";
import type { Machines, NodeRef } from "../machines/machines.ts";
import type { Clients } from "./client.ts";
import { asked } from "./refusal.ts";

type MachineState = Awaited<ReturnType<Machines["state"]>>;

/** Who puts another instance in the place of one that is gone. */
export interface Replacer {
  readonly kind: "group" | "karpenter";
  readonly name: string;
}

/** An instance as far as it matters here. */
export interface Instance {
  readonly id: string;
  readonly state: "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";
  readonly zone: string;
  readonly account: string;
  readonly spot: boolean;
  readonly replacer: Replacer | undefined;
  /** The security groups of all its interfaces. */
  readonly groups: readonly { readonly id: string; readonly name: string }[];
}

/**
 * The instance of a node, by the providerID that the cloud controller gave it.
 *
 * @throws SEA_AWS_NODE for nodes that have none: of Fargate, of another cloud, of another region
 */
export function instanceId(node: NodeRef, region: string): string {
  const { name, providerID = "" } = node;
  const refuse = (why: string, hint: string) => problem("SEA_AWS_NODE", { node: name, why, hint }, `node ${name}`);
  if (providerID === "") throw refuse("it has no providerID", "the cloud controller of AWS gives it one when it joins; nodes of a test bed have machines of their own");
  if (/^aws:.*\/fargate-/.test(providerID)) throw refuse("it is one of Fargate, where no instance can be reached", "harm its pod in its stead, or aim at nodes of EC2");
  const [, zone, id] = /^aws:\/\/\/([a-z0-9-]*)\/(i-[0-9a-f]{8,17})$/.exec(providerID) ?? [];
  if (id === undefined) throw refuse(`its providerID is ${providerID}`, "instances of EC2 have aws:///ZONE/i-…; give the cluster the machines that this node runs on");
  if (zone !== "" && !zone!.startsWith(region)) throw refuse(`it is in ${zone}, and ec2() speaks to ${region}`, "give ec2() the region of the cluster");
  return id;
}

const replacerOf = (tags: ReadonlyMap<string, string>): Replacer | undefined => {
  const group = tags.get("aws:autoscaling:groupName");
  if (group !== undefined) return { kind: "group", name: group };
  const pool = tags.get("karpenter.sh/nodepool");
  return pool === undefined ? undefined : { kind: "karpenter", name: pool };
};

/** The instances that there are among these; what ended more than about an hour ago is not listed any more. */
export async function readInstances(clients: Clients, ids: readonly string[]): Promise<readonly Instance[]> {
  const ec2 = await clients.ec2();
  const found: Instance[] = [];
  // By a filter, for an id that is unknown makes the whole call fail; 200 values are the most it takes.
  for (let from = 0; from < ids.length; from += 200) {
    const Filters = [{ Name: "instance-id", Values: ids.slice(from, from + 200) }];
    let NextToken: string | undefined;
    do {
      const page = await asked("ec2:DescribeInstances", () => ec2.describeInstances({ Filters, ...(NextToken === undefined ? {} : { NextToken }) }));
      for (const one of (page.Reservations ?? []).flatMap(({ OwnerId, Instances = [] }) => Instances.map((each) => ({ ...each, OwnerId })))) {
        found.push({
          id: one.InstanceId!,
          state: one.State!.Name!,
          zone: one.Placement?.AvailabilityZone ?? "",
          account: one.OwnerId ?? "",
          spot: one.InstanceLifecycle === "spot",
          replacer: replacerOf(new Map((one.Tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]))),
          groups: (one.NetworkInterfaces ?? []).flatMap((each) => each.Groups ?? []).map(({ GroupId, GroupName }) => ({ id: GroupId ?? "", name: GroupName ?? "" })),
        });
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }
  return found;
}

const states: Readonly<Record<Instance["state"], MachineState>> = {
  // On its way up, and not there yet.
  pending: "unknown",
  running: "up",
  stopping: "stopped",
  stopped: "stopped",
  "shutting-down": "gone",
  terminated: "gone",
};

/** What the seam calls it. @param isCut does one of its interfaces wear a group that isolates? */
export const stateOf = (instance: Instance | undefined, isCut: boolean): MachineState => {
  const state = instance ? states[instance.state] : "gone";
  return state === "up" && isCut ? "cut" : state;
};
