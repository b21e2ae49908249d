import type { Target } from "../../../src/model/fault.ts";

/** A target of an experiment template, as far as it can be weighed before it is chosen. */
export interface Weighed {
  readonly name: string;
  readonly what: Target["what"];
  /** At the most so many; undefined where only FIS will know. */
  readonly most: number | undefined;
  /** For people: "COUNT(1) of aws:ec2:instance". */
  readonly says: string;
}

interface Raw {
  readonly resourceType?: string | undefined;
  readonly selectionMode?: string | undefined;
  readonly resourceArns?: readonly string[] | undefined;
}

const kinds: readonly (readonly [RegExp, Target["what"]])[] = [
  [/^aws:(eks:pod|ecs:task)$/, "pod"],
  [/^aws:(rds|dynamodb|s3|elasticache|memorydb|ec2:ebs)/, "data"],
];

/** What a target harms, and how many of it at the most. Instances, node groups, subnets and all that is unknown count as nodes. */
export function weigh(name: string, { resourceType = "", selectionMode = "ALL", resourceArns = [] }: Raw): Weighed {
  const what = kinds.find(([pattern]) => pattern.test(resourceType))?.[1] ?? "node";
  const [, count, percent] = /^(?:COUNT\((\d+)\)|PERCENT\((\d+)\))$/.exec(selectionMode) ?? [];
  const named = resourceArns.length > 0 ? resourceArns.length : undefined;
  let most = named;
  if (count !== undefined) most = Math.min(Number(count), named ?? Infinity);
  if (percent !== undefined) most = named === undefined ? undefined : Math.max(1, Math.floor((named * Number(percent)) / 100));
  // A node group, a subnet or a scaling group stands for many.
  if (/^aws:(eks:nodegroup|ec2:subnet|ec2:autoscaling-group|ecs:cluster)$/.test(resourceType)) most = undefined;
  return { name, what, most, says: `${selectionMode} of ${resourceType}` };
}
