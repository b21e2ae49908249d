import { sayError } from "../../../src/units/errors.ts";
import type { Clients } from "./client.ts";
import { readGroups } from "./hold.ts";
import { interfacesOf, type Interface } from "./interfaces.ts";
import { isolatedName, oursTag } from "./names.ts";
import { noteKeys, noteOf } from "./note.ts";
import { machineNeeds } from "./policy.ts";
import type { MachineVerb } from "./prospect.ts";
import { codeOf, refusalOf } from "./refusal.ts";
import type { Ec2Settings } from "./settings.ts";

/** Whether a call would be allowed. */
export interface Permit {
  /** In IAM's words: `"ec2:StopInstances"`. */
  readonly action: string;
  /** Undefined: it can't be asked without doing it. */
  readonly allowed: boolean | undefined;
  /** Why not, or why it was not asked. */
  readonly why: string;
}

type Ec2 = Awaited<ReturnType<Clients["ec2"]>>;

interface Facts {
  readonly ids: string[];
  readonly first: Interface | undefined;
}

/** A dry run of each call of EC2; undefined where there is nothing yet to try it on. */
const tries: Readonly<Record<string, (ec2: Ec2, facts: Facts) => Promise<unknown> | undefined>> = {
  "ec2:DescribeInstances": (ec2) => ec2.describeInstances({ DryRun: true }),
  "ec2:DescribeNetworkInterfaces": (ec2) => ec2.describeNetworkInterfaces({ DryRun: true }),
  "ec2:DescribeSecurityGroups": (ec2) => ec2.describeSecurityGroups({ DryRun: true }),
  "ec2:StopInstances": (ec2, { ids }) => ec2.stopInstances({ InstanceIds: ids, DryRun: true }),
  "ec2:StartInstances": (ec2, { ids }) => ec2.startInstances({ InstanceIds: ids, DryRun: true }),
  "ec2:RebootInstances": (ec2, { ids }) => ec2.rebootInstances({ InstanceIds: ids, DryRun: true }),
  "ec2:TerminateInstances": (ec2, { ids }) => ec2.terminateInstances({ InstanceIds: ids, DryRun: true }),
  "ec2:ModifyNetworkInterfaceAttribute": (ec2, { first }) => first && ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: first.id, Groups: first.groups.map(({ id }) => id), DryRun: true }),
  "ec2:CreateTags": (ec2, { ids, first }) => first && ec2.createTags({ Resources: [first.id], Tags: [...noteOf(ids[0]!, first.groups.map(({ id }) => id))], DryRun: true }),
  "ec2:DeleteTags": (ec2, { first }) => first && ec2.deleteTags({ Resources: [first.id], Tags: noteKeys.map((Key) => ({ Key })), DryRun: true }),
  "ec2:CreateSecurityGroup": (ec2, { first }) =>
    first && ec2.createSecurityGroup({ GroupName: isolatedName, Description: "a dry run", VpcId: first.vpc, TagSpecifications: [{ ResourceType: "security-group", Tags: [oursTag] }], DryRun: true }),
};

/** Asks EC2 by dry runs, which change nothing; Auto Scaling has none, so only its reading is tried. */
export async function dryRun(clients: Clients, settings: Ec2Settings, verbs: readonly MachineVerb[], ids: string[]): Promise<readonly Permit[]> {
  const actions = [...new Set(machineNeeds(verbs, settings).map(({ action }) => action))];
  if (ids.length === 0) return actions.map((action) => ({ action, allowed: undefined, why: "there is no node to ask it of" }));
  const ec2 = await clients.ec2();
  const first = await interfacesOf(clients, ids[0]!).then((all) => all[0], () => undefined);
  const ask = async (action: string): Promise<Permit> => {
    if (action === "autoscaling:DescribeAutoScalingGroups") return verdict(action, readGroups(clients, "held"));
    if (action.startsWith("autoscaling:")) return { action, allowed: undefined, why: "Auto Scaling has no dry run" };
    const trial = tries[action]?.(ec2, { ids, first });
    return trial ? verdict(action, trial) : { action, allowed: undefined, why: tries[action] ? "the network interfaces can't be read" : "the security group that it is for is made only then" };
  };
  const permits: Permit[] = [];
  // One after the other: a plan has time, and EC2 counts requests.
  for (const action of actions) permits.push(await ask(action));
  return permits;
}

async function verdict(action: string, trial: Promise<unknown>): Promise<Permit> {
  try {
    await trial;
    return { action, allowed: true, why: "" };
  } catch (error) {
    if (codeOf(error) === "DryRunOperation") return { action, allowed: true, why: "" };
    const refusal = refusalOf(action, error);
    return { action, allowed: refusal.code === "SEA_AWS_DENIED" ? false : undefined, why: sayError(refusal) };
  }
}
