/** What the tests of the local cluster share: the shop behind it, and a way to ask it. */
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { fileURLToPath } from "node:url";
import type { PlaceContext } from "../../../src/model/cluster.ts";
import { local, type LocalCluster, type LocalSettings, type ServiceSettings } from "../../../drivers/local/index.ts";
import { realClock } from "../../../src/units/clock.ts";
import { seeded } from "../../../src/units/random.ts";
import type { SeaFacts } from "../../contract/cluster.ts";

export const clock = realClock();
export const shopFile = fileURLToPath(new URL("../../../scenarios/shop/server.ts", import.meta.url));

export const shop: ServiceSettings = { command: ["node", shopFile], replicas: 4, live: "/healthz", ready: "/readyz", data: "orders" };
/** A name of its own: a cluster of the usual name may be up in the background, and is not ours to use. */
export const settings: LocalSettings = { name: `test-${process.pid}`, services: { shop }, data: { orders: { backupEvery: "1s" } } };

export const context = (signal = new AbortController().signal): PlaceContext =>
  ({ clock, random: seeded(1), signal, run: "run-1", folder: undefined, say: () => {} });

/** Opens a cluster inside the run, plays, and ends it whatever happens. */
export async function sail<T>(play: (cluster: LocalCluster) => Promise<T>, other: Partial<LocalSettings> = {}): Promise<T> {
  const cluster = await local({ ...settings, ...other }).open(context());
  try {
    return await play(cluster);
  } finally {
    await cluster.close();
  }
}

export interface Answer {
  readonly status: number;
  readonly body: any;
  readonly version: string | undefined;
}

/** One request on a connection of its own. */
export function ask(cluster: LocalCluster, path: string, body?: unknown, withinMs = 1_500): Promise<Answer | "refused" | "hung"> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(withinMs);
    const call = request(`${cluster.service("shop")}${path}`, { agent: false, signal, method: body === undefined ? "GET" : "POST" }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode!, body: JSON.parse(text), version: response.headers["x-shop-version"] as string | undefined }));
      response.on("error", () => resolve(signal.aborted ? "hung" : "refused"));
    });
    call.on("error", () => resolve(signal.aborted ? "hung" : "refused"));
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

export async function until<T>(what: string, found: () => T | false | undefined | Promise<T | false | undefined>, withinMs = 15_000): Promise<T> {
  const endMs = clock.now() + withinMs;
  for (;;) {
    const answer = await found();
    if (answer !== false && answer !== undefined) return answer;
    if (clock.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await clock.sleep(25);
  }
}

export async function isWhole(cluster: LocalCluster): Promise<boolean> {
  return (await cluster.workloads()).every((one) => one.ready >= one.wanted);
}

/** A zombie has ended; only its parent does not know yet. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
  } catch {
    return false;
  }
}

/** For the contract suites. */
export const facts: SeaFacts = {
  workload: "shop",
  stable: "good",
  good: { version: "better", env: { SHOP_MODE: "good" } },
  bad: { version: "bad", env: { SHOP_MODE: "failing" } },
  scope: "orders",
  withinMs: 20_000,
  pollMs: 100,
  sail: (play) =>
    sail((cluster) =>
      play({
        cluster,
        clock,
        ask: async () => {
          const answer = await ask(cluster, "/items", undefined, 1_000);
          return typeof answer === "string" ? answer : answer.status;
        },
        write: async () => {
          const answer = await ask(cluster, "/orders", { item: "rope" });
          if (typeof answer === "string" || answer.status !== 201) throw new Error(`not written: ${JSON.stringify(answer)}`);
          return answer.body.id;
        },
        finds: async (id) => {
          const answer = await ask(cluster, `/orders/${id}`);
          if (typeof answer === "string" || (answer.status !== 200 && answer.status !== 404)) throw new Error(`not read: ${JSON.stringify(answer)}`);
          return answer.status === 200;
        },
      }),
    ),
};
