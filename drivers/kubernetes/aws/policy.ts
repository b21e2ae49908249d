import { noteKeys } from "./note.ts";
import { oursTag } from "./names.ts";
import type { MachineVerb } from "./prospect.ts";
import type { Ec2Settings } from "./settings.ts";

/** One kind of call to AWS that something makes: plain data, beside the rules of access that a cluster wants. */
export interface AwsNeed {
  /** In IAM's words: `"ec2:StopInstances"`. */
  readonly action: string;
  /** What it is done to. `any`: IAM knows no narrower word for it. */
  readonly on: readonly (keyof typeof resources)[];
  /** `cluster`: only what is tagged as the cluster's; `ours`: only what Seatrial made; `making`: only while it is made; `note`: only Seatrial's tags. */
  readonly only?: keyof typeof conditions;
  /** An ARN or id in place of all of a kind. */
  readonly id?: string;
}

export interface PolicyScope {
  readonly region: string;
  /** Twelve digits. Default: any. */
  readonly account?: string;
  /** Default `"aws"`; `"aws-cn"`, `"aws-us-gov"`. */
  readonly partition?: string;
  /** The name of the EKS cluster: machines are narrowed to those with its tag `kubernetes.io/cluster/NAME`. */
  readonly cluster?: string;
}

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** An IAM policy, as JSON has it. */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly { readonly Sid: string; readonly Effect: "Allow"; readonly Action: readonly string[]; readonly Resource: readonly string[]; readonly Condition?: Condition }[];
}

const arn = ({ partition = "aws", region, account = "*" }: PolicyScope, service: string, rest: string): string => `arn:${partition}:${service}:${region}:${account}:${rest}`;

const resources = {
  any: () => "*",
  instance: (scope) => arn(scope, "ec2", "instance/*"),
  interface: (scope) => arn(scope, "ec2", "network-interface/*"),
  "security-group": (scope) => arn(scope, "ec2", "security-group/*"),
  vpc: (scope) => arn(scope, "ec2", "vpc/*"),
  "scaling-group": (scope) => arn(scope, "autoscaling", "autoScalingGroup:*:autoScalingGroupName/*"),
  template: (scope, id) => arn(scope, "fis", `experiment-template/${id ?? "*"}`),
  experiment: (scope) => arn(scope, "fis", "experiment/*"),
  role: (_, id) => id ?? "*",
} as const satisfies Readonly<Record<string, (scope: PolicyScope, id: string | undefined) => string>>;

const conditions = {
  cluster: ({ cluster }: PolicyScope) => (cluster === undefined ? undefined : { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${cluster}`]: "owned" } }),
  ours: () => ({ StringEquals: { [`aws:ResourceTag/${oursTag.Key}`]: oursTag.Value } }),
  making: () => ({ StringEquals: { "ec2:CreateAction": "CreateSecurityGroup" } }),
  note: () => ({ "ForAllValues:StringEquals": { "aws:TagKeys": noteKeys } }),
  passing: () => ({ StringEquals: { "iam:PassedToService": "fis.amazonaws.com" } }),
} as const satisfies Readonly<Record<string, (scope: PolicyScope) => Condition | undefined>>;

const read = (action: string): AwsNeed => ({ action, on: ["any"] });
const machine = (action: string): AwsNeed => ({ action, on: ["instance"], only: "cluster" });
const group = (action: string): AwsNeed => ({ action, on: ["scaling-group"], only: "cluster" });
const ours = (action: string): AwsNeed => ({ action, on: ["security-group"], only: "ours" });

const restart = [machine("ec2:StartInstances")];
const isolated = ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"].map(ours);
const opened = ["ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress"].map(ours);
const making: readonly AwsNeed[] = [
  { action: "ec2:CreateSecurityGroup", on: ["security-group", "vpc"] },
  { action: "ec2:CreateTags", on: ["security-group"], only: "making" },
];
const mending: readonly AwsNeed[] = [
  read("ec2:DescribeNetworkInterfaces"),
  { action: "ec2:ModifyNetworkInterfaceAttribute", on: ["interface", "security-group"] },
  { action: "ec2:DeleteTags", on: ["interface"], only: "note" },
];
const sweeping: readonly AwsNeed[] = [read("ec2:DescribeSecurityGroups"), ours("ec2:DeleteSecurityGroup")];
const releasing: readonly AwsNeed[] = [read("autoscaling:DescribeAutoScalingGroups"), ...["SetInstanceHealth", "ResumeProcesses", "DeleteTags"].map((one) => group(`autoscaling:${one}`))];
const holding: readonly AwsNeed[] = [...["CreateOrUpdateTags", "SuspendProcesses"].map((one) => group(`autoscaling:${one}`)), ...releasing];

/** The calls that these verbs make, with those that undo them. */
export function machineNeeds(verbs: readonly MachineVerb[], { isolation, established, holdGroup, evenAlone }: Omit<Ec2Settings, "region">): readonly AwsNeed[] {
  const drops = established !== "keep";
  const makes = isolation === undefined || drops;
  const mend = [...mending, ...(makes ? sweeping : [])];
  const held = holdGroup ? holding : [];
  const freed = holdGroup ? releasing : [];
  const of: Readonly<Record<MachineVerb, readonly AwsNeed[]>> = {
    stop: [machine("ec2:StopInstances"), ...restart, ...held],
    start: [...restart, ...freed],
    reboot: [machine("ec2:RebootInstances")],
    terminate: [machine("ec2:TerminateInstances"), ...(evenAlone ? [] : [read("autoscaling:DescribeAutoScalingGroups")])],
    cut: [
      ...mend,
      { action: "ec2:CreateTags", on: ["interface"], only: "note" },
      ...(makes ? making : []),
      ...(isolation === undefined ? isolated : []),
      ...(drops ? opened : []),
      ...held,
    ],
    mend: [...mend, ...freed],
  };
  return unique([read("ec2:DescribeInstances"), ...verbs.flatMap((verb) => of[verb])]);
}

const keyOf = ({ on, only, id }: AwsNeed): string => [on.join(" "), only ?? "", id ?? ""].join("|");

/** Each once, in the order of their first mention. */
const unique = (needs: readonly AwsNeed[]): readonly AwsNeed[] => [...new Map(needs.map((need) => [`${need.action}|${keyOf(need)}`, need])).values()];

/**
 * The least IAM policy for these calls, narrowed to the region, and to the cluster's machines where its name is given.
 *
 * @example JSON.stringify(iamPolicy(ec2({ region }).needs(["stop", "cut"]), { region, account: "123456789012", cluster: "shop" }), null, 2)
 */
export function iamPolicy(needs: readonly AwsNeed[], scope: PolicyScope): Policy {
  const byKind = Map.groupBy(unique(needs), keyOf);
  const Statement = [...byKind.values()].map((each, index) => {
    const { on, only, id } = each[0]!;
    const Condition = only && conditions[only](scope);
    return {
      Sid: `Seatrial${index + 1}`,
      Effect: "Allow" as const,
      Action: each.map(({ action }) => action).sort(),
      Resource: on.map((kind) => resources[kind](scope, id)),
      ...(Condition === undefined ? {} : { Condition }),
    };
  });
  return { Version: "2012-10-17", Statement };
}
