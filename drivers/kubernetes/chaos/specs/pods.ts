/** Faults of pods, containers and what runs in them. */
import type { Kinds } from "../kinds.ts";
import type { Contained, GoTime, Lasting, Once, Picked, Some, SomeOf } from "./chosen.ts";

export interface PodActions {
  /** Deletes the pods; `gracePeriod` in seconds, 0 kills at once. */
  readonly "pod-kill": Picked & Once & { readonly gracePeriod?: number };
  /** Puts an image that only waits in their place, until the end. */
  readonly "pod-failure": Picked & Lasting;
  readonly "container-kill": Picked & Once & { readonly containerNames: Some<string> };
}

type Stressors = NonNullable<Kinds["StressChaos"]["spec"]["stressors"]>;

export type StressSpec = Contained & Lasting &
  (
    | { readonly stressors: SomeOf<{ [K in keyof Stressors]-?: NonNullable<Stressors[K]> }>; readonly stressngStressors?: undefined }
    | { readonly stressngStressors: string; readonly stressors?: undefined }
  );

type Clock =
  | "CLOCK_REALTIME" | "CLOCK_MONOTONIC" | "CLOCK_PROCESS_CPUTIME_ID" | "CLOCK_THREAD_CPUTIME_ID" | "CLOCK_MONOTONIC_RAW"
  | "CLOCK_REALTIME_COARSE" | "CLOCK_MONOTONIC_COARSE" | "CLOCK_BOOTTIME" | "CLOCK_REALTIME_ALARM" | "CLOCK_BOOTTIME_ALARM";

export type TimeSpec = Contained & Lasting & {
  /** How far the clock goes wrong; a minus puts it back. */
  readonly timeOffset: GoTime | `${GoTime}${GoTime}`;
  readonly clockIds?: Some<Clock>;
};

export interface DNSActions {
  /** Lookups fail. */
  readonly error: Contained & Lasting & { readonly patterns?: readonly string[] };
  /** Lookups answer any address. */
  readonly random: Contained & Lasting & { readonly patterns?: readonly string[] };
}

type KernelRequest = Kinds["KernelChaos"]["spec"]["failKernRequest"];

export type KernelSpec = Picked & Lasting & {
  /** 0: allocating of slabs, 1: of pages, 2: block I/O. */
  readonly failKernRequest: Omit<KernelRequest, "failtype"> & { readonly failtype: 0 | 1 | 2 };
};
