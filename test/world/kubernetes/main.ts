/** `npm run testbed -- up|down|status|shell|node|process|user|image|build`; README.md says what they do. */
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { bedOf } from "./bed.ts";
import { inside } from "./machine/network.ts";
import { beds, down, status, up } from "./testbed.ts";
import { cutNode, mendNode, startNode, stopNode, terminateNode } from "./node/node.ts";
import { imagesFile } from "./images/images.ts";
import { markOf } from "./machine/cgroups.ts";
import { existsSync } from "node:fs";

const say = (line: string): void => void process.stderr.write(`testbed: ${line}\n`);
const split = process.argv.indexOf("--", 2);
const [words, command] = split < 0 ? [process.argv.slice(2), []] : [process.argv.slice(2, split), process.argv.slice(split + 1)];
const { values, positionals } = parseArgs({
  args: words, allowPositionals: true,
  options: { name: { type: "string", default: "main" }, nodes: { type: "string", default: "2" } },
});
const [verb = "", ...rest] = positionals;
const bed = bedOf(values.name);

const verbs: Readonly<Record<string, () => Promise<number | void>>> = {
  up: async () => {
    const startMs = Date.now();
    await up(values.name, Number(values.nodes), say);
    say(`bed '${values.name}' is up after ${((Date.now() - startMs) / 1_000).toFixed(1)} s`);
    await show(values.name);
  },
  down: () => down(values.name, say),
  status: async () => {
    const names = process.argv.includes("--name") ? [values.name] : beds();
    if (names.length === 0) console.log("no bed is up");
    for (const name of names) await show(name);
  },
  shell: async () => {
    if (!existsSync(bed.folder)) throw new Error(`there is no bed '${values.name}'`);
    const env = { ...process.env, KUBECONFIG: bed.kubeconfig };
    const [program = "", ...args] = ["sh", "-c", 'echo $$ > "$0" && exec "$@"', markOf(`${bed.cgroup}/world`), ...inside(bed.world, ...(command.length > 0 ? command : [process.env["SHELL"] ?? "bash"]))];
    return new Promise((resolve, reject) => spawn(program, args, { stdio: "inherit", env }).on("error", reject).on("exit", (code) => resolve(code ?? 1)));
  },
  node: async () => {
    const [how = "", node = ""] = rest;
    const images = await imagesFile();
    const deeds: Readonly<Record<string, () => Promise<void>>> = {
      stop: () => stopNode(bed, node), start: () => startNode(bed, node, images), cut: () => cutNode(bed, node), mend: () => mendNode(bed, node),
      reboot: async () => { await stopNode(bed, node); await startNode(bed, node, images); },
      terminate: () => terminateNode(bed, node),
    };
    await (deeds[how] ?? (() => Promise.reject(new Error(`nodes know ${Object.keys(deeds).join(", ")}`))))();
  },
};

async function show(name: string): Promise<void> {
  const found = await status(name);
  if (found === undefined) return console.log(`bed '${name}' is down`);
  console.log(`bed '${name}'  kubeconfig ${found.bed.kubeconfig}  logs ${found.bed.logs}`);
  for (const [part, pid] of Object.entries(found.control)) console.log(`  ${part.padEnd(24)} ${pid ?? "does not run"}`);
  for (const [node, state] of Object.entries(found.machines)) console.log(`  ${node.padEnd(24)} ${state}, ${found.nodes.find((one) => one.name === node)?.ready ? "Ready" : "not Ready"}`);
}

try {
  const deed = verbs[verb];
  if (deed === undefined) throw new Error(`the test bed knows ${Object.keys(verbs).join(", ")}`);
  process.exitCode = (await deed()) ?? 0;
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}
