import type { Clients } from "./client.ts";
import { readInstances, stateOf } from "./instance.ts";
import { isolates } from "./interfaces.ts";
import { heldTag } from "./names.ts";
import { asked } from "./refusal.ts";

/** What finds an instance unhealthy for being stopped, and what puts another in its place. */
const holding = ["HealthCheck", "ReplaceUnhealthy"] as const;

interface Group {
  readonly name: string;
  readonly instances: readonly { readonly id: string; readonly isHealthy: boolean }[];
  readonly suspended: readonly string[];
  /** What was suspended by us; undefined where it is not held. */
  readonly held: readonly string[] | undefined;
}

export async function readGroups(clients: Clients, by: { readonly name: string } | "held"): Promise<readonly Group[]> {
  const scaling = await clients.scaling();
  const which = by === "held" ? { Filters: [{ Name: "tag-key", Values: [heldTag] }] } : { AutoScalingGroupNames: [by.name] };
  const groups: Group[] = [];
  let NextToken: string | undefined;
  do {
    const page = await asked("autoscaling:DescribeAutoScalingGroups", () => scaling.describeAutoScalingGroups({ ...which, ...(NextToken === undefined ? {} : { NextToken }) }));
    for (const one of page.AutoScalingGroups ?? []) {
      const note = one.Tags?.find(({ Key }) => Key === heldTag)?.Value;
      groups.push({
        name: one.AutoScalingGroupName!,
        instances: (one.Instances ?? []).map(({ InstanceId, HealthStatus }) => ({ id: InstanceId!, isHealthy: HealthStatus === "Healthy" })),
        suspended: (one.SuspendedProcesses ?? []).map(({ ProcessName }) => ProcessName ?? ""),
        held: note?.split(" ").filter((process) => process !== ""),
      });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return groups;
}

const tagOf = (group: string) => ({ ResourceId: group, ResourceType: "auto-scaling-group", Key: heldTag, PropagateAtLaunch: false });

/** Keeps a group from replacing instances of its own. What it suspends is on the group as a tag first. */
export async function holdGroup(clients: Clients, name: string): Promise<void> {
  const scaling = await clients.scaling();
  const [group] = await readGroups(clients, { name });
  if (!group) return;
  const mine = group.held ?? holding.filter((process) => !group.suspended.includes(process));
  if (group.held === undefined) {
    await asked("autoscaling:CreateOrUpdateTags", () => scaling.createOrUpdateTags({ Tags: [{ ...tagOf(name), Value: mine.join(" ") }] }));
  }
  if (mine.length > 0) await asked("autoscaling:SuspendProcesses", () => scaling.suspendProcesses({ AutoScalingGroupName: name, ScalingProcesses: [...mine] }));
}

/**
 * Lets held groups go on whose instances all run, and are not cut off: one that is released earlier
 * would replace those that are not up yet.
 */
export async function releaseGroups(clients: Clients, isolation: string | undefined): Promise<void> {
  const scaling = await clients.scaling();
  for (const group of await readGroups(clients, "held")) {
    const instances = await readInstances(clients, group.instances.map(({ id }) => id));
    const late = instances.some((one) => !["up", "gone"].includes(stateOf(one, one.groups.some((each) => isolates(each, isolation)))));
    if (late) continue;
    for (const { id, isHealthy } of group.instances) {
      // What was found unhealthy stays so, and would be replaced at once.
      if (isHealthy || !instances.some((one) => one.id === id && one.state === "running")) continue;
      await asked("autoscaling:SetInstanceHealth", () => scaling.setInstanceHealth({ InstanceId: id, HealthStatus: "Healthy", ShouldRespectGracePeriod: false }));
    }
    if (group.held!.length > 0) await asked("autoscaling:ResumeProcesses", () => scaling.resumeProcesses({ AutoScalingGroupName: group.name, ScalingProcesses: [...group.held!] }));
    await asked("autoscaling:DeleteTags", () => scaling.deleteTags({ Tags: [tagOf(group.name)] }));
  }
}
