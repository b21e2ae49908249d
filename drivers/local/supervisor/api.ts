import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Debt, PodRef, Release } from "../../../src/model/cluster.ts";
import { problem, SeatrialError } from "../../../src/units/errors.ts";
import type { Controller } from "./controller.ts";
import type { Debts } from "./debts.ts";
import type { Scope } from "./scope.ts";

export interface Rooms {
  /** The cluster's name, for problems. */
  readonly name: string;
  readonly controller: Controller;
  readonly scopes: readonly Scope[];
  readonly debts: Debts;
  /** Ends every other process of the cluster and deletes its folder. */
  readonly stop: () => Promise<void>;
}

/** The answer of a call: a value, or a problem of the catalogue to be thrown again by the caller. */
export type Reply = { readonly value?: unknown } | { readonly problem: { readonly code: string; readonly message: string; readonly hint: string } };

/** The verbs of the `Cluster` port, and `end`. */
function verbsOf({ name: cluster, controller, scopes, debts, stop }: Rooms) {
  const known = <T>(what: string, name: string, found: T | undefined, names: readonly string[]): T => {
    if (found === undefined) throw problem("SEA_CLUSTER_UNKNOWN", { cluster, what, name, known: names.join(", ") || "none" });
    return found;
  };
  const machine = (name: string) => known("node", name, controller.machine(name), controller.nodes().map((node) => node.name));
  const canary = (name: string) => known("workload", name, controller.canary(name), controller.workloads().map((one) => one.name));
  const scope = (name: string) => known("data scope", name, scopes.find((one) => one.name === name), scopes.map((one) => one.name));
  /** What was changed is routed and scaled at once, not on the next beat. */
  const then = (change: () => void) => {
    change();
    controller.beat();
  };
  return {
    workloads: () => controller.workloads(),
    pods: () => controller.pods(),
    nodes: () => controller.nodes(),
    killPod: (pod: PodRef) => controller.signal(pod, "kill"),
    freezePod: (pod: PodRef) => controller.signal(pod, "freeze"),
    thawPod: (pod: PodRef) => controller.signal(pod, "thaw"),
    stopNode: (name: string) => machine(name).halt(),
    cutNode: (name: string) => then(() => void (machine(name).cut = true)),
    restoreNode: (name: string) => then(() => {
      const one = machine(name);
      one.cut = false;
      one.boot();
    }),
    ship: (workload: string, release: Release) => then(() => canary(workload).ship(release, performance.now())),
    undo: (workload: string) => then(() => canary(workload).undo()),
    scopes: () => scopes.map((one) => one.name),
    holds: (name: string) => scope(name).holds(),
    backUp: (name: string) => scope(name).backUp(),
    backups: (name: string) => scope(name).backups(),
    lose: (name: string) => scope(name).lose(),
    restore: (name: string, backup: string) => {
      const one = scope(name);
      const ids = one.backups().map(({ id }) => id);
      return one.restore(known(`backup of ${name}`, backup, ids.find((id) => id === backup), ids));
    },
    owe: (debt: Debt) => debts.owe(debt),
    settle: (id: string) => debts.settle(id),
    debts: () => debts.all(),
    /** Ends the cluster; the supervisor itself follows as soon as this is answered. */
    end: async () => {
      await stop();
      setTimeout(() => process.exit(0), 100);
    },
  };
}

export type Verbs = ReturnType<typeof verbsOf>;

async function bodyOf(request: IncomingMessage): Promise<unknown[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as unknown[];
}

/** Serves the verbs as `POST /verb` with a JSON list of arguments, to whoever knows the token; answers its address. */
export function serve(token: string, rooms: Rooms): Promise<string> {
  const verbs = verbsOf(rooms) as Record<string, (...args: any[]) => unknown>;
  const answer = async (request: IncomingMessage): Promise<Reply> => {
    const verb = verbs[(request.url ?? "").slice(1)];
    const args = await bodyOf(request);
    if (!verb || request.headers.authorization !== `Bearer ${token}`) throw new Error("no such verb, or not for you");
    return { value: await verb(...args) };
  };
  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown): Reply => {
        if (error instanceof SeatrialError) return { problem: { code: error.code, message: error.message, hint: error.hint } };
        throw error;
      })
      .then((reply) => response.end(JSON.stringify(reply)))
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
