/** Every kind that harms, narrowed: a wrong combination of fields is no such spec. */
import type { Kinds } from "../kinds.ts";
import type { ByAction } from "./chosen.ts";
import type { HTTPTargets } from "./http.ts";
import type { JVMActions } from "./jvm.ts";
import type { AWSActions, AzureActions, GCPActions, MachineActions } from "./machines.ts";
import type { NetworkActions } from "./network.ts";
import type { DNSActions, KernelSpec, PodActions, StressSpec, TimeSpec } from "./pods.ts";
import type { BlockActions, IOActions } from "./storage.ts";

/** The kinds whose variants are told apart by `action`. */
export interface Actions {
  readonly PodChaos: PodActions;
  readonly NetworkChaos: NetworkActions;
  readonly IOChaos: IOActions;
  readonly DNSChaos: DNSActions;
  readonly JVMChaos: JVMActions;
  readonly BlockChaos: BlockActions;
  readonly AWSChaos: AWSActions;
  readonly GCPChaos: GCPActions;
  readonly AzureChaos: AzureActions;
  readonly PhysicalMachineChaos: MachineActions;
}

export type HTTPSpec = { [T in keyof HTTPTargets]: { readonly target: T } & HTTPTargets[T] }[keyof HTTPTargets];

/** The spec of each kind that harms at once. */
export type Specs = { readonly [K in keyof Actions]: ByAction<Actions[K]> } & {
  readonly HTTPChaos: HTTPSpec;
  readonly StressChaos: StressSpec;
  readonly TimeChaos: TimeSpec;
  readonly KernelChaos: KernelSpec;
};

/** The name under which a wrapper holds the spec of a kind. */
export interface Holders {
  readonly PodChaos: "podChaos";
  readonly NetworkChaos: "networkChaos";
  readonly IOChaos: "ioChaos";
  readonly DNSChaos: "dnsChaos";
  readonly JVMChaos: "jvmChaos";
  readonly BlockChaos: "blockChaos";
  readonly AWSChaos: "awsChaos";
  readonly GCPChaos: "gcpChaos";
  readonly AzureChaos: "azureChaos";
  readonly PhysicalMachineChaos: "physicalmachineChaos";
  readonly HTTPChaos: "httpChaos";
  readonly StressChaos: "stressChaos";
  readonly TimeChaos: "timeChaos";
  readonly KernelChaos: "kernelChaos";
}

interface Beat {
  /** As cron writes it, seconds first where there are six, or `@every 5s`. */
  readonly schedule: string;
  readonly concurrencyPolicy?: "Forbid" | "Allow";
  readonly historyLimit?: number;
  readonly startingDeadlineSeconds?: number;
}

/** One kind again and again. */
type Scheduled = { [K in keyof Holders]: Beat & { readonly type: K } & { readonly [H in Holders[K]]: Specs[K] } }[keyof Holders];

type Template = Kinds["Workflow"]["spec"]["templates"][number];
interface Step {
  readonly name: string;
  readonly deadline?: string;
}

/** What a workflow's chaos may say: its deadline ends it, and no duration. */
type Untimed<S> = S extends unknown ? Omit<S, "duration"> & { readonly duration?: undefined } : never;

type TemplateOf =
  | (Step & { readonly templateType: "Serial" | "Parallel"; readonly children?: readonly string[]; readonly abortWithStatusCheck?: boolean })
  | { readonly name: string; readonly templateType: "Suspend"; readonly deadline: string }
  | (Step & { readonly templateType: "Task"; readonly task: NonNullable<Template["task"]>; readonly conditionalBranches?: NonNullable<Template["conditionalBranches"]> })
  | (Step & { readonly templateType: "StatusCheck"; readonly statusCheck: NonNullable<Template["statusCheck"]>; readonly abortWithStatusCheck?: boolean })
  // Chaos Mesh fills the policy in for schedules of their own alone.
  | (Step & { readonly templateType: "Schedule"; readonly schedule: Scheduled & { readonly concurrencyPolicy: "Forbid" | "Allow" } })
  | { [K in keyof Holders]: Step & { readonly templateType: K } & { readonly [H in Holders[K]]: Untimed<Specs[K]> } }[keyof Holders];

export interface WorkflowSpec {
  /** The template that it begins with. */
  readonly entry: string;
  readonly templates: readonly TemplateOf[];
}

export type ScheduleSpec = Scheduled | (Beat & { readonly type: "Workflow"; readonly workflow: WorkflowSpec });
