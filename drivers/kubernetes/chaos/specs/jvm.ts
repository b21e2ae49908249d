/** Faults within a Java process. */
import type { Contained, Lasting } from "./chosen.ts";

type Java = Contained & Lasting & {
  /** Of the rule; one is made up where none is given. */
  readonly name?: string;
  /** Of the agent. Default 9277. */
  readonly port?: number;
  readonly pid?: number;
};

type Method = Java & { readonly class: string; readonly method: string };

export interface JVMActions {
  /** `latency` in ms. */
  readonly latency: Method & { readonly latency: number };
  readonly return: Method & { readonly returnValue: string };
  readonly exception: Method & { readonly exception: string };
  readonly stress: Java & ({ readonly cpuCount: number; readonly memType?: undefined } | { readonly memType: "stack" | "heap"; readonly cpuCount?: undefined });
  readonly gc: Java;
  readonly ruleData: Java & { readonly ruleData: string };
  readonly mysql: Java & {
    readonly mysqlConnectorVersion: "5" | "8";
    readonly database?: string;
    readonly table?: string;
    readonly sqlType?: "all" | "select" | "update" | "insert" | "replace" | "delete";
  } & ({ readonly exception: string; readonly latency?: undefined } | { readonly latency: number; readonly exception?: undefined });
}
