import type { Holders } from "./specs/index.ts";

/** A kind that harms at once. */
export type Harming = keyof Holders;

/** Under which name a Schedule or a template of a Workflow holds the spec of each kind that harms. */
export const holders: Holders = {
  PodChaos: "podChaos", NetworkChaos: "networkChaos", IOChaos: "ioChaos", DNSChaos: "dnsChaos", JVMChaos: "jvmChaos", BlockChaos: "blockChaos",
  AWSChaos: "awsChaos", GCPChaos: "gcpChaos", AzureChaos: "azureChaos", PhysicalMachineChaos: "physicalmachineChaos",
  HTTPChaos: "httpChaos", StressChaos: "stressChaos", TimeChaos: "timeChaos", KernelChaos: "kernelChaos",
};

/** Actions that happen once: Chaos Mesh never ends them, whatever their duration. */
const once: ReadonlySet<unknown> = new Set(["pod-kill", "container-kill", "ec2-restart", "node-reset", "vm-restart"]);

export const isOnce = (spec: Readonly<Record<string, unknown>>): boolean => once.has(spec["action"]);
