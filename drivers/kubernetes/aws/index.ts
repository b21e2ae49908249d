/** AWS under a cluster: the machines of its nodes, and what Amazon breaks by itself. */
export { ec2, type Ec2Machines, type NodeInstance } from "./machines.ts";
export { iamPolicy, type AwsNeed, type Policy, type PolicyScope } from "./policy.ts";
export type { Permit } from "./permit.ts";
export type { MachineVerb, Prospect } from "./prospect.ts";
export type { AwsSettings, Ec2Settings } from "./settings.ts";
