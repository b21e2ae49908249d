/**
 * The supervisor: owns the nodes, the balancer and the data of one cluster, and does what its API is
 * told. In a run its standard input is the runner's lifeline: when that closes, everything ends.
 * Arguments: the cluster's folder, with `job.json` in it.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sayMs } from "../../../src/units/duration.ts";
import { freePort } from "../ports.ts";
import { removeFolder } from "../programs.ts";
import { readJob, write, type Hello, type State } from "../state.ts";
import { timing } from "../timing.ts";
import { serve } from "./api.ts";
import { Controller } from "./controller.ts";
import { Debts } from "./debts.ts";
import { Front } from "./front.ts";
import { Scope } from "./scope.ts";

const folder = process.argv[2]!;
const job = readJob(folder);
const { spec } = job;
const orphanFolder = job.inRun ? folder : undefined;

let controller: Controller | undefined;
let stopping: Promise<void> | undefined;
const stop = (): Promise<void> =>
  (stopping ??= Promise.all([controller?.end(), front.end()]).then(() => removeFolder(folder)));
const end = async (): Promise<never> => {
  await stop();
  process.exit(0);
};

const front = new Front(orphanFolder, (count) => controller?.count(count));

// Before anything is started: whatever happens to the runner from here on, nobody is left behind.
process.stdout.on("error", () => {});
if (job.inRun) process.stdin.resume().on("close", () => void end());
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void end());

function hello(message: Hello): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** The last lines that a replica printed. */
function tail(log: string | undefined): string {
  try {
    return readFileSync(log!, "utf8").trimEnd().split("\n").slice(-8).join("\n").slice(-2_000);
  } catch {
    return "";
  }
}

/** Undefined when everything is ready; otherwise why it never will be. */
async function boot(controller: Controller): Promise<{ why: string; output: string } | undefined> {
  const endMs = performance.now() + spec.startMs;
  for (;;) {
    if (front.failure !== undefined) return { why: front.failure, output: "" };
    const lacking = controller.lacking();
    if (lacking.length === 0 && front.isListening) return undefined;
    for (const { spec: { name, command }, ends, lastEnd } of lacking) {
      if (ends < timing.bootEnds || !lastEnd) continue;
      return { why: `'${command.join(" ")}' of ${name} ${lastEnd.how}, ${ends} times`, output: tail(lastEnd.log) };
    }
    if (performance.now() > endMs) {
      const [first] = lacking;
      if (!first) return { why: `the balancer did not listen within ${sayMs(spec.startMs)}`, output: "" };
      const { spec: { name, ready }, log, lastEnd } = first;
      return { why: `${name} did not answer 2xx at ${ready} within ${sayMs(spec.startMs)}`, output: tail(log ?? lastEnd?.log) };
    }
    await sleep(20);
  }
}

mkdirSync(job.logs, { recursive: true });
const scopes = spec.scopes.map(({ name }) => new Scope(name, folder));
const services = await Promise.all(spec.services.map(async (service) => ({ ...service, port: service.port || (await freePort()) })));
const running = new Controller({
  services,
  nodes: spec.nodes,
  orphanFolder,
  logs: job.logs,
  env: (service, version) => {
    const scope = scopes.find((one) => one.name === service.data);
    return { ...service.env, [spec.versionEnv]: version, ...(scope && { [spec.dataEnv]: scope.folder }) };
  },
  route: (routes) => front.route(routes),
});
controller = running;
setInterval(() => running.beat(), timing.beatMs);

const failed = await boot(running);
if (failed) {
  hello(failed);
  await end();
}
const api = await serve(job.token, { name: `local cluster '${spec.name}'`, controller: running, scopes, debts: new Debts(folder), stop });
for (const { name, backupMs } of spec.scopes) {
  const scope = scopes.find((one) => one.name === name)!;
  // What is lost can't be backed up; the next beat tries again.
  setInterval(() => void scope.backUp().catch(() => {}), backupMs);
}
const state: State = {
  id: job.id, token: job.token, spec, pid: process.pid, startedMs: Date.now(), url: api,
  services: Object.fromEntries(services.map(({ name, port }) => [name, `http://127.0.0.1:${port}`])),
};
write(folder, "state.json", state);
hello({ state });
