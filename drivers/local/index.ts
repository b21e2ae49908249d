/** `seatrial/local`: a cluster of local processes, for trying a scenario where there is no other. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Place, PlaceContext } from "../../src/model/cluster.ts";
import { find, folderOf } from "./background.ts";
import { LocalClient, type LocalCluster } from "./client.ts";
import { launch } from "./launch.ts";
import { specOf, type LocalSettings, type Spec } from "./settings.ts";

export { reopen } from "./background.ts";
export type { LocalCluster } from "./client.ts";
export type { LocalSettings, ServiceSettings } from "./settings.ts";

/** A place that opens a local cluster. */
export interface LocalPlace extends Place<LocalCluster> {
  readonly kind: "local";
  /** The settings with their defaults, for `seatrial local up`. */
  readonly spec: Spec;
}

/**
 * A cluster of processes on this machine: no root, no container engine. `open` uses the one of this
 * name that `seatrial local up` started in the working directory; otherwise it starts one that ends
 * with the run.
 *
 * @throws SEA_LOCAL_SETTINGS for settings that can't be used
 * @example
 * local({
 *   services: { shop: { command: ["node", "server.ts"], replicas: 4, live: "/healthz", ready: "/readyz", data: "orders" } },
 *   data: { orders: { backupEvery: "5s" } },
 * })
 */
export function local(settings: LocalSettings): LocalPlace {
  const spec = specOf(settings);
  let opened: { readonly folder: string; readonly id: string } | undefined;

  return {
    kind: "local",
    name: spec.name,
    spec,
    harms: "freely",
    services: spec.services.map((service) => service.name),
    mayLose: settings.mayLose ?? {
      pods: "100%",
      nodes: spec.nodes,
      data: spec.scopes.map((scope) => scope.name),
      releases: spec.services.map((service) => service.name),
    },
    /** Before `open`, where one in the background would be; afterwards, the one that was opened. */
    get address() {
      return opened ?? { folder: folderOf(spec.name) };
    },
    async open(context) {
      const folder = folderOf(spec.name);
      const found = await find(spec, folder);
      if (found) {
        context.say(`using the local cluster '${spec.name}' in the background`);
        opened = { folder, id: found.id };
        return new LocalClient(found);
      }
      const [cluster, address] = await openInRun(spec, context);
      opened = address;
      return cluster;
    },
    async look() {
      const found = await find(spec, folderOf(spec.name));
      return found && new LocalClient(found);
    },
  };
}

/** A supervisor that has not ended by then is ended by force; its helpers see it and end too. */
const patienceMs = 10_000;

async function openInRun(spec: Spec, context: PlaceContext) {
  const replicas = spec.services.reduce((sum, service) => sum + service.replicas, 0);
  context.say(`starting a local cluster: ${spec.nodes} nodes, ${replicas} replicas`);
  const folder = mkdtempSync(join(tmpdir(), "seatrial-local-"));
  const logs = join(context.folder ?? folder, "logs");
  const { state, supervisor } = await launch(folder, spec, { inRun: true, logs, signal: context.signal }).catch((error: unknown) => {
    // One that was stopped before it could hear of it leaves its folder to us.
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const hasEnded = () => supervisor.exitCode !== null || supervisor.signalCode !== null;
  const end = async () => {
    if (hasEnded()) return;
    supervisor.ref();
    const late = new AbortController();
    const exit = new Promise<void>((resolve) => supervisor.once("exit", () => resolve()));
    supervisor.stdin?.end();
    const patience = context.clock.sleep(patienceMs, late.signal).then(() => supervisor.kill("SIGKILL"), () => {});
    await exit;
    late.abort();
    await patience;
  };
  return [new LocalClient(state, end), { folder, id: state.id }] as const;
}
