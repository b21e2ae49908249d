import { request } from "node:http";
import type { Backup, Cluster, ClusterNode, Debt, Pod, PodRef, Release, Workload } from "../../src/model/cluster.ts";
import { problem, SeatrialError, type ErrorCode } from "../../src/units/errors.ts";
import type { Reply, Verbs } from "./supervisor/api.ts";
import type { State } from "./state.ts";

/** A cluster of local processes. */
export interface LocalCluster extends Cluster {
  readonly kind: "local";
}

/** Longer than any verb takes: a supervisor that hangs must not hang its runner. */
const longestMs = 30_000;

function post(url: string, token: string, body: string, patienceMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", agent: false, signal: AbortSignal.timeout(patienceMs), headers: { authorization: `Bearer ${token}` } };
    const call = request(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
      response.on("error", reject);
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** The `Cluster` port, spoken to a supervisor from any process that knows its state. */
export class LocalClient implements LocalCluster {
  readonly kind = "local";
  readonly name: string;
  readonly #state: State;
  readonly #end: () => Promise<void>;
  readonly #patienceMs: number;

  /** `end`: what `close` does; nothing where the cluster was not made for this run. */
  constructor(state: State, end: () => Promise<void> = async () => {}, patienceMs = longestMs) {
    this.name = state.spec.name;
    this.#state = state;
    this.#end = end;
    this.#patienceMs = patienceMs;
  }

  /** @throws SEA_LOCAL_GONE when nobody answers, and whatever the verb threw there */
  async call<V extends keyof Verbs>(verb: V, ...args: Parameters<Verbs[V]>): Promise<Awaited<ReturnType<Verbs[V]>>> {
    const { url, token } = this.#state;
    const text = await post(`${url}/${verb}`, token, JSON.stringify(args), this.#patienceMs).catch((error: Error) => {
      throw problem("SEA_LOCAL_GONE", { name: this.name, error: error.message }, undefined, error);
    });
    const reply = JSON.parse(text) as Reply;
    if ("problem" in reply) throw new SeatrialError(reply.problem.code as ErrorCode, reply.problem.message, reply.problem.hint);
    return reply.value as Awaited<ReturnType<Verbs[V]>>;
  }

  service(name: string): string | undefined {
    return this.#state.services[name];
  }

  workloads = async (): Promise<readonly Workload[]> =>
    // JSON drops what is undefined; the port has it.
    (await this.call("workloads")).map((one) => ({ ...one, rollout: { ...one.rollout, candidate: one.rollout.candidate } }));
  pods = (): Promise<readonly Pod[]> => this.call("pods");
  nodes = (): Promise<readonly ClusterNode[]> => this.call("nodes");
  killPod = (pod: PodRef): Promise<void> => this.call("killPod", pod);
  freezePod = (pod: PodRef): Promise<void> => this.call("freezePod", pod);
  thawPod = (pod: PodRef): Promise<void> => this.call("thawPod", pod);
  stopNode = (node: string): Promise<void> => this.call("stopNode", node);
  cutNode = (node: string): Promise<void> => this.call("cutNode", node);
  restoreNode = (node: string): Promise<void> => this.call("restoreNode", node);
  ship = (workload: string, release: Release): Promise<void> => this.call("ship", workload, release);
  undo = (workload: string): Promise<void> => this.call("undo", workload);
  scopes = (): Promise<readonly string[]> => this.call("scopes");
  holds = (scope: string): Promise<boolean> => this.call("holds", scope);
  backUp = (scope: string): Promise<Backup> => this.call("backUp", scope);
  backups = (scope: string): Promise<readonly Backup[]> => this.call("backups", scope);
  lose = (scope: string): Promise<void> => this.call("lose", scope);
  restore = (scope: string, backup: string): Promise<void> => this.call("restore", scope, backup);
  owe = (debt: Debt): Promise<void> => this.call("owe", debt);
  settle = (debt: string): Promise<void> => this.call("settle", debt);
  debts = (): Promise<readonly Debt[]> => this.call("debts");
  close = (): Promise<void> => this.#end();
}
