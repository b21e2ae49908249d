/**
 * node .ci/prepare.mjs run|test -- command args…
 *
 * Makes sure that what the command needs is installed, then runs it. Works on a fresh clone:
 * any Node from 18 on, nothing but npm. `run` wants the production packages, `test` all of them.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inRoot = (...parts) => join(root, ...parts);
const say = (line) => process.stderr.write(`seatrial: ${line}\n`);
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

const [kind, dashes, command, ...args] = process.argv.slice(2);
if (!["run", "test"].includes(kind) || dashes !== "--" || command === undefined) {
  say("usage: node .ci/prepare.mjs run|test -- command args…");
  process.exit(3);
}

const lock = readJson(inRoot("package-lock.json"));
const nodePackage = `node-${process.platform}-${process.arch}`;
const nodePackagePath = /^node_modules\/node-(linux|darwin|win)\w*-\w+$/;
const nodeBinary = join("node_modules", nodePackage, "bin", process.platform === "win32" ? "node.exe" : "node");

if (!isInstalled() || findNode() === undefined) await underLock(install);
await run(findNode());

/** npm writes the hidden lock file last, so a broken install never looks whole. */
function isInstalled() {
  let there;
  try {
    there = readJson(inRoot("node_modules", ".package-lock.json")).packages;
  } catch {
    return false;
  }
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === "" || wanted.optional || (kind === "run" && wanted.dev)) return true;
    if (nodePackagePath.test(path) && path !== `node_modules/${nodePackage}`) return true;
    return there[path]?.version === wanted.version && existsSync(inRoot(path));
  });
}

/** The Node to run the command with: this one, or where it is too old, one from a package. */
function findNode() {
  const wanted = readJson(inRoot("package.json")).engines.node.match(/\d+/g).map(Number);
  const have = process.versions.node.split(".").map(Number);
  if (have[0] > wanted[0] || (have[0] === wanted[0] && have[1] >= wanted[1])) return process.execPath;
  return [inRoot(nodeBinary), inRoot("node_modules", ".node", nodeBinary)].find(existsSync);
}

async function install() {
  if (isInstalled() && findNode() !== undefined) return; // by whoever held the lock before
  if (!isInstalled()) {
    say(kind === "run" ? "installing what a run needs (once)…" : "installing what the tests need (once)…");
    await npm("ci", kind === "run" ? "--omit=dev" : "--include=dev");
  }
  if (findNode() === undefined) {
    const locked = Object.entries(lock.packages).find(([path]) => nodePackagePath.test(path));
    const version = locked?.[1].version ?? "24";
    say(`Node ${process.versions.node} is too old; getting Node ${version} into node_modules/.node (once)…`);
    await npm("install", "--prefix", inRoot("node_modules", ".node"), "--no-save", "--no-package-lock", "--ignore-scripts", `${nodePackage}@${version}`);
  }
  if (!isInstalled() || findNode() === undefined) throw new Error("npm ended well, but something is still missing");
  say("installed");
}

function npm(...words) {
  const all = [...words, "--no-audit", "--no-fund", "--loglevel=error"];
  const script = process.env.npm_execpath;
  const child = script?.endsWith(".js")
    ? spawn(process.execPath, [script, ...all], { cwd: root, stdio: ["ignore", 2, 2] })
    : spawn("npm", all, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`npm ${words[0]} failed with exit code ${code}`))));
  });
}

/** Two at once: the second waits until the first is done, or takes over when it died. */
async function underLock(work) {
  const file = inRoot(".seatrial", "prepare.lock");
  mkdirSync(dirname(file), { recursive: true });
  const pause = () => new Promise((resolve) => setTimeout(resolve, 200));
  for (let told = false; ; ) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      // Somebody who found the same dead holder may have just removed this lock for it.
      await pause();
      if (holderOf(file) === process.pid) break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = holderOf(file);
    if (holder === undefined) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) say(`waiting for the install of process ${holder}…`);
    told = true;
    await pause();
  }
  try {
    await work();
  } catch (error) {
    say(error.message);
    process.exitCode = 1;
  } finally {
    rmSync(file, { force: true });
  }
  if (process.exitCode) process.exit();
}

/** The living process that holds the lock; undefined when it is gone or no install can take so long. */
function holderOf(file) {
  const longestMs = 15 * 60_000;
  try {
    const pid = Number(readFileSync(file, "utf8"));
    if (Date.now() - statSync(file).mtimeMs > longestMs) return undefined;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return error.code === "EPERM" ? "of another user" : undefined;
  }
}

/**
 * Runs the command in a process group of its own. A Ctrl-C comes here twice, from the terminal and
 * from npm, which passes signals on; the command must see it once, for a second one means "hurry".
 */
async function run(node) {
  const path = [dirname(node), inRoot("node_modules", ".bin"), process.env.PATH].join(delimiter);
  const child = spawn(command === "node" ? node : command, args, {
    cwd: root,
    stdio: "inherit",
    detached: process.platform !== "win32",
    shell: process.platform === "win32" && command !== "node",
    env: { ...process.env, PATH: path, NODE: node, npm_node_execpath: node },
  });
  const echoMs = 300;
  const lastMs = {};
  const pass = (signal) => {
    const nowMs = Date.now();
    if (nowMs - (lastMs[signal] ?? 0) >= echoMs) child.kill(signal);
    lastMs[signal] = nowMs;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, pass);
  // npm passes a signal to its shell, and a shell that dies of it tells nobody.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event === undefined || process.ppid === parent) return;
    clearInterval(watch);
    pass("SIGTERM");
  }, 500);
  // The command is no longer the terminal's foreground group, so a new window size is passed on too.
  if (process.platform !== "win32") process.on("SIGWINCH", () => child.kill("SIGWINCH"));
  child.on("error", (error) => {
    say(`can't run ${command}: ${error.message}`);
    process.exitCode = 127;
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
