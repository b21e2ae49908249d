/** What the processes of a cluster say to each other: JSON lines over their standard input and output. */
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

export interface StartOrder {
  readonly do: "start";
  readonly id: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** File that gets what the replica prints. */
  readonly log: string;
}

/** From the supervisor to a node. */
export type NodeOrder =
  | StartOrder
  /** SIGTERM, and SIGKILL after the grace. */
  | { readonly do: "end"; readonly id: string; readonly graceMs: number }
  | { readonly do: "kill" | "freeze" | "thaw"; readonly id: string };

/** From a node to the supervisor. */
export type NodeNews =
  | { readonly is: "up" }
  | { readonly is: "started"; readonly id: string; readonly port: number }
  | { readonly is: "ended"; readonly id: string; readonly how: string };

export interface Backend {
  readonly id: string;
  readonly port: number;
  readonly node: string;
  readonly version: string;
}

export interface Route {
  readonly service: string;
  readonly port: number;
  readonly backends: readonly Backend[];
  /** Shares of new connections by version. */
  readonly weights: Readonly<Record<string, number>>;
}

/** From the supervisor to the balancer: the whole truth, every time. */
export interface Routes {
  readonly routes: readonly Route[];
  readonly cut: readonly string[];
}

/** Answers and 5xx among them since the last count. */
export interface Count {
  readonly service: string;
  readonly version: string;
  readonly answers: number;
  readonly errors: number;
}

/** From the balancer to the supervisor. */
export type BalancerNews =
  | { readonly is: "listening" }
  | { readonly is: "failed"; readonly why: string }
  | { readonly is: "counts"; readonly counts: readonly Count[] };

export function say<Message>(stream: Writable | null | undefined, message: Message): void {
  if (stream?.writable) stream.write(`${JSON.stringify(message)}\n`);
}

export function hear<Message>(stream: Readable, on: (message: Message) => void): void {
  createInterface({ input: stream }).on("line", (line) => on(JSON.parse(line) as Message));
}
