import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Pod } from "../../../src/model/cluster.ts";
import { timing } from "../timing.ts";
import { isWell } from "./health.ts";
import type { Machine } from "./machine.ts";
import type { Service } from "./service.ts";

/** One run of a service's start command. */
export class Replica {
  readonly id = randomUUID();
  readonly name: string;
  readonly service: Service;
  readonly version: string;
  readonly machine: Machine;
  /** File that gets what it prints. */
  readonly log: string;
  port: number | undefined;
  ready = false;
  /** It was ready once; before, nobody asks whether it is alive. */
  came = false;
  /** Its place was given to another: it ends as soon as its node can be told. */
  surplus = false;
  #told = false;
  #checking = false;
  #askedAliveMs = 0;
  #misses = 0;

  constructor(name: string, service: Service, version: string, machine: Machine, logs: string) {
    this.name = name;
    this.service = service;
    this.version = version;
    this.machine = machine;
    this.log = join(logs, `${name}.log`);
  }

  get pod(): Pod {
    const { name, id, service, machine, version, ready } = this;
    return { name, id, workload: service.spec.name, node: machine.name, version, ready };
  }

  start(env: Readonly<Record<string, string>>): void {
    const { command: [program = "", ...args], cwd } = this.service.spec;
    const command = [program === "node" ? process.execPath : program, ...args];
    this.machine.tell({ do: "start", id: this.id, command, cwd, env, log: this.log });
  }

  drop(): void {
    this.surplus = true;
    this.ready = false;
  }

  /** Asks it to end, once. */
  end(): void {
    if (!this.#told) this.machine.tell({ do: "end", id: this.id, graceMs: timing.graceMs });
    this.#told = true;
  }

  /** Asks whether it is ready, and now and then whether it is alive; one that is not any more is killed. */
  async check(): Promise<void> {
    const { port, service: { spec: { ready, live } } } = this;
    if (this.#checking || port === undefined) return;
    this.#checking = true;
    const asksAlive = live !== null && this.came && performance.now() - this.#askedAliveMs >= timing.aliveEveryMs;
    if (asksAlive) this.#askedAliveMs = performance.now();
    const [isReady, isAlive] = await Promise.all([isWell(port, ready), asksAlive ? isWell(port, live) : undefined]);
    this.#checking = false;
    // Its node was cut or lost while we asked: nobody could have answered.
    if (this.surplus || !this.machine.reachable) return;
    this.ready = isReady;
    this.came ||= isReady;
    if (isAlive !== undefined) this.#misses = isAlive ? 0 : this.#misses + 1;
    if (this.#misses >= timing.livenessMisses) this.machine.tell({ do: "kill", id: this.id });
  }
}
