/** Faults of machines: of a cloud by its API, and of machines with an agent of Chaos Mesh. */
import type { Kinds } from "../kinds.ts";
import type { Amount, Lasting, Once, Some } from "./chosen.ts";

interface Instance {
  readonly awsRegion: string;
  readonly ec2Instance: string;
  readonly secretName?: string;
  readonly endpoint?: string;
}

export interface AWSActions {
  readonly "ec2-stop": Instance & Lasting;
  readonly "ec2-restart": Instance & Once;
  readonly "detach-volume": Instance & Lasting & { readonly volumeID: string; readonly deviceName: string };
}

interface GoogleInstance {
  readonly project: string;
  readonly zone: string;
  readonly instance: string;
  readonly secretName?: string;
}

export interface GCPActions {
  readonly "node-stop": GoogleInstance & Lasting;
  readonly "node-reset": GoogleInstance & Once;
  readonly "disk-loss": GoogleInstance & Lasting & { readonly deviceNames: Some<string> };
}

interface AzureMachine {
  readonly subscriptionID: string;
  readonly resourceGroupName: string;
  readonly vmName: string;
  readonly secretName?: string;
}

export interface AzureActions {
  readonly "vm-stop": AzureMachine & Lasting;
  readonly "vm-restart": AzureMachine & Once;
  readonly "disk-detach": AzureMachine & Lasting & { readonly diskName: string; readonly lun: number };
}

type Physical = Kinds["PhysicalMachineChaos"]["spec"];

type Machines = Amount & Lasting & { readonly uid?: string } &
  (
    | { readonly address: Some<string>; readonly selector?: undefined }
    | { readonly selector: NonNullable<Physical["selector"]>; readonly address?: undefined }
  );

/** Every action has its settings under its own name. */
export type MachineActions = { readonly [A in Physical["action"]]: Machines & { readonly [K in A]: NonNullable<Physical[K]> } };
