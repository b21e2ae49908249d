/** `npm run testbed -- …`; README.md says what the verbs do. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { bedOf } from "./bed.ts";
import { isComponent, recipes } from "./build/recipes.ts";
import { isPart, killPart, parts, startPart } from "./control/plane.ts";
import { imagesFile } from "./images/images.ts";
import { deeds, killProgram, importImages, isProgram, programs, startNode } from "./node/node.ts";
import { userConfig } from "./pki/authority.ts";
import { shell } from "./shell.ts";
import { beds, down, prepare, status, up } from "./testbed.ts";
import type { Extra } from "./wishes.ts";

const say = (line: string): void => void process.stderr.write(`testbed: ${line}\n`);
const folder = process.env["INIT_CWD"] ?? process.cwd();
const end = process.argv.indexOf("--", 2);
const [words, command] = end < 0 ? [process.argv.slice(2), []] : [process.argv.slice(2, end), process.argv.slice(end + 1)];
const { values, positionals } = parsed();
const [verb = "", ...rest] = positionals;
const bed = bedOf(values.name ?? "main");
const refuse = (what: string, known: readonly string[]): never => {
  throw new Error(`${what}; there are: ${known.join(", ")}`);
};

const verbs: Readonly<Record<string, () => Promise<number | void>>> = {
  up: async () => {
    const startMs = Date.now();
    const count = (value: string | undefined) => (value === undefined ? undefined : Number(value));
    const [nodes, fake] = [count(values.nodes), count(values.fake)];
    await up(bed.name, { ...(nodes === undefined ? {} : { nodes }), ...(fake === undefined ? {} : { fake }), with: (values.with ?? []) as Extra[] }, say);
    say(`bed '${bed.name}' is up after ${((Date.now() - startMs) / 1_000).toFixed(1)} s`);
    await show(bed.name);
  },
  down: () => down(bed.name, say),
  status: async () => {
    const names = values.name === undefined ? beds() : [values.name];
    if (names.length === 0) console.log("no bed is up");
    for (const name of names) await show(name);
  },
  shell: () => shell(bed, command, folder),
  node: async () => {
    const [deed = "", node = ""] = rest;
    await (deeds[deed] ?? refuse(`nobody can '${deed}' a node`, Object.keys(deeds)))(bed, node, await imagesFile());
  },
  kill: async () => {
    const [what = ""] = rest;
    const [node = "", program = ""] = what.split("/");
    if (isPart(what)) await killPart(bed, what);
    else if (isProgram(program)) await killProgram(bed, node, program);
    else refuse(`'${what}' can't be killed`, [...parts, ...programs.map((one) => `node1/${one}`)]);
  },
  start: async () => {
    const [what = ""] = rest;
    const [node = "", program = ""] = what.split("/");
    if (isPart(what)) await startPart(bed, what);
    else if (isProgram(program)) await startNode(bed, node, await imagesFile());
    else refuse(`'${what}' can't be started`, [...parts, ...programs.map((one) => `node1/${one}`)]);
  },
  user: async () => {
    const [name = "guest"] = rest;
    const validS = values["valid-s"];
    console.log(userConfig(bed, { name, groups: values.group ?? [] }, validS === undefined ? undefined : Number(validS) * 1_000));
  },
  image: async () => {
    const [file = "", ...nodes] = rest;
    const machines = Object.entries((await status(bed.name))?.machines ?? {}).filter(([, state]) => state === "up" || state === "cut").map(([name]) => name);
    for (const node of nodes.length > 0 ? nodes : machines) await importImages(bed, node, resolve(folder, file));
  },
  build: async () => {
    await prepare(say, rest.length > 0 ? rest.map((name) => (isComponent(name) ? name : refuse(`there is no '${name}'`, Object.keys(recipes)))) : undefined);
  },
};

function parsed() {
  try {
    return parseArgs({
      args: words, allowPositionals: true,
      options: {
        name: { type: "string" }, nodes: { type: "string" }, fake: { type: "string" }, with: { type: "string", multiple: true },
        group: { type: "string", multiple: true }, "valid-s": { type: "string" },
      },
    });
  } catch (error) {
    say((error as Error).message);
    return process.exit(3);
  }
}

async function show(name: string): Promise<void> {
  const found = await status(name);
  if (found === undefined) return console.log(`bed '${name}' is down`);
  console.log(`bed '${name}'  kubeconfig ${found.bed.kubeconfig}  logs ${found.bed.logs}`);
  const line = (what: string, how: string) => console.log(`  ${what.padEnd(26)} ${how}`);
  for (const [part, pid] of Object.entries(found.control)) line(part, pid === undefined ? "DOES NOT RUN" : `process ${pid}`);
  for (const [node, state] of Object.entries(found.machines)) line(node, `${state}, ${found.nodes.find((one) => one.name === node)?.ready ? "Ready" : "not Ready"}`);
  const fakes = found.nodes.filter((node) => node.fake);
  if (fakes.length > 0) line("fake nodes", `${fakes.filter((node) => node.ready).length} of ${fakes.length} Ready`);
}

try {
  process.exitCode = (await (Object.hasOwn(verbs, verb) ? verbs[verb]! : refuse(`the test bed can't '${verb}'`, Object.keys(verbs)))()) ?? 0;
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}
