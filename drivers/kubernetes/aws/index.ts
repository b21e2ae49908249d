/** AWS under a cluster: the machines of its nodes, and what Amazon breaks by itself. */
import { healFis } from "./fis.ts";
import { healSpot } from "./spot.ts";
import { healZone } from "./zone.ts";

export { ec2, type Ec2Machines, type NodeInstance } from "./machines.ts";
export { fisExperiment, type FisAim, type FisFault, type FisTarget } from "./fis.ts";
export { spotInterruption, type SpotAim } from "./spot.ts";
export { zoneLoss, type ZoneAim, type ZoneFault, type ZoneOptions } from "./zone.ts";
export { iamPolicy, type AwsNeed, type Policy, type PolicyScope } from "./policy.ts";
export type { AwsFault } from "./fault.ts";
export type { Permit } from "./permit.ts";
export type { MachineVerb, Prospect } from "./prospect.ts";
export type { AwsSettings, Ec2Settings, FisSettings, SpotSettings } from "./settings.ts";

/** By the kinds of the faults here, for `seatrial heal`. */
export const awsHealers = { "fis-experiment": healFis, "spot-interruption": healSpot, "zone-loss": healZone } as const;
