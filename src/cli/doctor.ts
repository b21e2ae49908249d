import { existsSync, readFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { getHeapStatistics } from "node:v8";
import { SeatrialError } from "../units/errors.ts";
import { descriptorLimit, localPorts } from "../units/machine.ts";

/** One thing that a trial may need. */
export interface Check {
  readonly name: string;
  /** What it is needed for. */
  readonly for: string;
  readonly state: "ok" | "missing" | "too old";
  /** What was found: a version, a path, a number; empty when nothing was. */
  readonly found: string;
  /** The one command that mends it; undefined when all is well. */
  readonly mend: string | undefined;
}

const here = dirname(fileURLToPath(import.meta.url));

type Finding = Omit<Check, "name" | "for">;

const ok = (found: string): Finding => ({ state: "ok", found, mend: undefined });
const missing = (mend: string, found = ""): Finding => ({ state: "missing", found, mend });
const tooOld = (found: string, mend: string): Finding => ({ state: "too old", found, mend });

/** The machine as `doctor` looks at it; a test gives it another one. */
export interface Patient {
  /** Where packages are looked for, going up. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nodeVersion: string;
}

/** What is installed, reachable and permitted here. Needs nothing installed, changes nothing. */
export async function doctor(patient: Patient = { folder: process.cwd(), env: process.env, nodeVersion: process.versions.node }): Promise<readonly Check[]> {
  return [
    { name: "Node", for: "everything", ...node(patient) },
    { name: "CPU cores", for: "load", ...cores() },
    { name: "open files", for: "load", ...openFiles() },
    { name: "local ports", for: "load", ...portRange() },
    { name: "heap", for: "load", ...heap() },
    ...(await Promise.all(packages.map(async ({ name, least, purpose }) => ({ name, for: purpose, ...(await installed(patient, name, least)) })))),
    { name: "Chromium", for: "web journeys", ...(await browser(patient, "chromium")) },
    { name: "Firefox", for: "web journeys", ...(await browser(patient, "firefox")) },
    { name: "chromedriver", for: "web journeys over WebDriver", ...(await webdriver(patient, "chromedriver", "sudo apt-get install chromium-driver")) },
    { name: "cluster access", for: "trials on Kubernetes", ...(await clusterAccess(patient)) },
  ];
}

/** True when version `have` is `least` or later. */
export function isAtLeast(have: string, least: string): boolean {
  const [a, b] = [have, least].map((version) => version.split(/[.-]/).map(Number));
  for (let i = 0; i < b!.length; i++) {
    if (a![i] !== b![i]) return (a![i] ?? 0) > b![i]!;
  }
  return true;
}

function node({ nodeVersion }: Patient): Finding {
  return isAtLeast(nodeVersion, "22.19.0") ? ok(nodeVersion) : tooOld(nodeVersion, "npx --package=node@24 -- seatrial …");
}

function cores(): Finding {
  const count = availableParallelism();
  return count >= 2 ? ok(String(count)) : missing("give the machine or container 2 cores: the generator and its target need one each", String(count));
}

/** A load of a thousand users holds some thousands of sockets. */
function openFiles(): Finding {
  const limit = descriptorLimit();
  if (limit === undefined || limit === Infinity) return ok(limit === undefined ? "no limit known" : "unlimited");
  return limit >= 4_096 ? ok(String(limit)) : missing("ulimit -n 65536", String(limit));
}

/** Every connection to one address takes a port until it is closed and a minute more. */
function portRange(): Finding {
  const ports = localPorts();
  if (!ports) return ok("no limit known");
  const found = `${ports.count} (${ports.from}-${ports.to})`;
  return ports.count >= 20_000 ? ok(found) : missing('sudo sysctl -w net.ipv4.ip_local_port_range="15000 65000"', found);
}

/** Users and what journeys keep live there; a container's limit can make it small. */
function heap(): Finding {
  const mb = Math.round(getHeapStatistics().heap_size_limit / 1_048_576);
  return mb >= 1_000 ? ok(`up to ${mb} MB`) : missing("export NODE_OPTIONS=--max-old-space-size=2048", `up to ${mb} MB`);
}

const packages: readonly { readonly name: string; readonly least: string; readonly purpose: string }[] = [
  { name: "playwright-core", least: "1.50.0", purpose: "web journeys" },
  { name: "webdriverio", least: "9.0.0", purpose: "web journeys over WebDriver, mobile journeys" },
  { name: "appium", least: "3.0.0", purpose: "mobile journeys" },
  { name: "newman", least: "6.0.0", purpose: "Postman collections" },
  { name: "artillery", least: "2.0.0", purpose: "Artillery scripts" },
  { name: "@kubernetes/client-node", least: "2.0.0", purpose: "trials on Kubernetes" },
];

async function installed({ folder }: Patient, name: string, least: string): Promise<Finding> {
  const { packageFolder } = await import("../../drivers/flow/programs.ts");
  const found = packageFolder(name, [folder, here]);
  const mend = `npm install --save-dev ${name}`;
  if (found === undefined) return missing(mend);
  const { version } = JSON.parse(readFileSync(join(found, "package.json"), "utf8")) as { version: string };
  return isAtLeast(version, least) ? ok(version) : tooOld(version, `${mend}@latest`);
}

/** A browser as the web driver finds it, which is loaded for that alone. */
async function browser({ folder, env }: Patient, name: "chromium" | "firefox"): Promise<Finding> {
  const { findBrowser, variableOf } = await import("../../drivers/web/find.ts");
  const { mendOf } = await import("../../drivers/web/launch.ts");
  const found = findBrowser(name, { env, folders: [folder, here] });
  if (!found) return missing(mendOf(name));
  if (existsSync(found.path)) return ok(`${found.path} (${found.from})`);
  return missing(`unset ${variableOf(name)}`, `${variableOf(name)}=${found.path}, which is not there`);
}

/** A program that speaks WebDriver for a browser. */
async function webdriver({ env }: Patient, name: string, mend: string): Promise<Finding> {
  const { findProgram } = await import("../../drivers/flow/programs.ts");
  const found = findProgram([name], env);
  return found === undefined ? missing(mend) : ok(found);
}

/** The contexts that a scenario can name, and the versions of their servers. */
async function clusterAccess({ env }: Patient): Promise<Finding> {
  const { glance } = await import("../../drivers/kubernetes/glance.ts");
  const { realClock } = await import("../units/clock.ts");
  try {
    const { files, contexts } = await glance({ env, folder: env["HOME"] ?? homedir() }, realClock());
    const where = files.join(delimiter);
    if (contexts.length === 0) return missing("aws eks update-kubeconfig --name CLUSTER", `no context in ${where}`);
    const found = contexts.map(({ name, version, lack }) => `${name} (${version ?? lack ?? "not asked"})`).join(", ");
    const answers = contexts.some(({ lack }) => lack === undefined);
    return answers ? ok(`${where}: ${found}`) : missing(`kubectl --context ${contexts[0]!.name} version`, `${where}: ${found}`);
  } catch (error) {
    if (!(error instanceof SeatrialError)) throw error;
    return missing(error.code === "SEA_KUBE_PACKAGE" ? error.hint : "kubectl config view", error.message);
  }
}
