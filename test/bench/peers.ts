import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A tool that Seatrial is measured beside. */
export interface Peer {
  readonly name: PeerName;
  readonly version: string;
  /** The program and its first words; what it is to do comes after them. */
  readonly command: readonly [string, ...string[]];
}

export type PeerName = keyof typeof recipes;

interface Recipe {
  /** Pinned, so that two runs compare the same thing; `"any"` for what is taken as the machine has it. */
  readonly version: string;
  readonly install: (folder: string, version: string) => Promise<void>;
  readonly command: (folder: string) => readonly [string, ...string[]] | undefined;
}

/** Installing is not what is measured, and must not be in the way of what is. */
const gently = ["nice", "-n", "19"];
const lockLookMs = 500;
const lockWithinMs = 20 * 60_000;

/** Where peers are kept: outside of the checkout, by name and version. `SEATRIAL_PEERS` names another place. */
const cache = process.env["SEATRIAL_PEERS"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "seatrial-peers");

const recipes = {
  wrk: { version: "any", install: debian("wrk", "wrk"), command: () => program("wrk") },
  nginx: { version: "any", install: debian("nginx", "nginx-light"), command: () => program("nginx") },
  /**
   * Taken where the machine has it, and never installed: its licence (AGPL) is one that some houses
   * do not let in, so that choice is not a script's.
   */
  k6: { version: "any", install: async () => undefined, command: () => program("k6") },
  autocannon: { version: "9.0.0", install: npm("autocannon"), command: (folder) => [process.execPath, join(folder, "node_modules/autocannon/autocannon.js")] },
  artillery: { version: "2.0.34", install: npm("artillery"), command: (folder) => [process.execPath, join(folder, "node_modules/artillery/bin/run")] },
  locust: {
    version: "2.47.0",
    install: async (folder, version) => {
      await shell(["python3", "-m", "venv", folder]);
      await shell([join(folder, "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", `locust==${version}`]);
    },
    command: (folder) => [join(folder, "bin/locust")],
  },
  vegeta: {
    version: "12.13.0",
    install: (folder, version) => shell(["go", "install", `github.com/tsenart/vegeta/v12@v${version}`], { GOBIN: folder, GOFLAGS: "" }),
    command: (folder) => [join(folder, "vegeta")],
  },
} satisfies Record<string, Recipe>;

/**
 * A peer, installed from its registry where the cache does not hold it yet. Several processes may
 * ask at once: one installs, the others wait for it.
 *
 * @throws when it can't be installed, with what the installer said last
 * @example const { command: [program, ...words] } = await peer("locust");
 */
export async function peer(name: PeerName): Promise<Peer> {
  const { version, install, command }: Recipe = recipes[name];
  const folder = join(cache, `${name}-${version}`);
  const whole = join(folder, ".whole");
  if (version === "any") await locked(name, () => install(folder, version));
  else if (!existsSync(whole)) {
    await locked(name, async () => {
      if (existsSync(whole)) return; // by whoever held the lock before
      process.stderr.write(`installing ${name} ${version} (once) …\n`);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await install(folder, version);
      // Written last, so that a broken install never looks whole.
      await writeFile(whole, "");
    });
  }
  const found = command(folder);
  if (!found) throw new Error(`${name} is not on this machine; put it on the PATH to measure beside it`);
  return { name, version, command: found };
}

/** As `peer`, but undefined and a word on standard error for one that can't be had. */
export async function peerIfThere(name: PeerName): Promise<Peer | undefined> {
  try {
    return await peer(name);
  } catch (error) {
    process.stderr.write(`without ${name}: ${(error as Error).message}\n`);
    return undefined;
  }
}

function onPath(name: string): string | undefined {
  return (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name)).find((file) => existsSync(file));
}

function program(name: string): readonly [string] | undefined {
  const path = onPath(name);
  return path === undefined ? undefined : [path];
}

/** A program of a Debian package; services of packages are not started by their installation. */
function debian(name: string, packageName: string): Recipe["install"] {
  return async () => {
    if (onPath(name) !== undefined) return;
    await shell(["apt-get", "update", "-qq"]);
    await shell(["apt-get", "install", "-y", "--no-install-recommends", packageName], { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" });
  };
}

/** Without install scripts: one of Artillery's fetches browsers, which no HTTP benchmark needs. */
function npm(name: string): Recipe["install"] {
  const script = process.env["npm_execpath"];
  const npmWords = script?.endsWith(".js") ? [process.execPath, script] : ["npm"];
  return (folder, version) => shell([...npmWords, "install", "--prefix", folder, "--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error", `${name}@${version}`]);
}

/** Runs an installer; throws with the end of what it said when it fails. */
async function shell(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  const [first, ...rest] = [...gently, ...words];
  const child = spawn(first!, rest, { cwd: cache, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-2_000)));
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`\`${words.join(" ")}\` ended with ${code}: ${said.trim().split("\n").slice(-5).join("\n")}`);
}

/** One process at a time; a lock whose holder is gone is nobody's. */
async function locked(name: string, act: () => Promise<void>): Promise<void> {
  await mkdir(cache, { recursive: true });
  const lock = join(cache, `${name}.lock`);
  for (let waitedMs = 0; !(await taken(lock)); waitedMs += lockLookMs) {
    if (waitedMs >= lockWithinMs) throw new Error(`another process has been installing ${name} for long; is ${lock} a leftover?`);
    await sleep(lockLookMs);
  }
  try {
    await act();
  } finally {
    await rm(lock, { force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const holder = Number(await readFile(lock, "utf8").catch(() => ""));
  if (holder > 0 && !lives(holder)) await rm(lock, { force: true });
  return false;
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
