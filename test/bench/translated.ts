import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { peerIfThere, type Peer } from "./peers.ts";
import { pairs, type Pair, type PairName } from "./translated/pairs.ts";
import { nothing, toldBySeatrial, type Step, type Told } from "./translated/tell.ts";

const place = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** Longer than this hangs, and is ended. */
const withinMs = 90_000;

/** Runs a program to its end; some say by their exit code that requests failed, which they should. */
async function ended(words: readonly [string, ...string[]], env: Readonly<Record<string, string>>): Promise<void> {
  const [program, ...rest] = words;
  const child = spawn(program, rest, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-2_000)));
  const tooLong = setTimeout(() => child.kill("SIGKILL"), withinMs);
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  clearTimeout(tooLong);
  if (code === null) throw new Error(`${program} did not end within ${withinMs / 1_000} s: ${said}`);
}

interface Target {
  readonly url: string;
  readonly child: ChildProcess;
}

async function target(): Promise<Target> {
  const child = spawn(process.execPath, [place("translated/target.ts")], { stdio: ["pipe", "pipe", "inherit"] });
  const port = await new Promise<string>((resolve, reject) => {
    child.once("error", reject).once("close", () => reject(new Error("the target ended")));
    child.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.trim()));
  });
  return { url: `http://127.0.0.1:${port}`, child };
}

/** What the target saw since it was last asked: the truth. */
async function served(url: string): Promise<{ requests: number; failures: number }> {
  const counts = (await (await fetch(`${url}/counts`)).json()) as Record<string, { requests: number; failures: number }>;
  return Object.values(counts).reduce((sum, { requests, failures }) => ({ requests: sum.requests + requests, failures: sum.failures + failures }), { requests: 0, failures: 0 });
}

interface Compared {
  readonly peer: Told;
  readonly own: Told;
  /** Requests that the target saw of each. */
  readonly saw: readonly [peer: { requests: number; failures: number }, own: { requests: number; failures: number }];
}

async function compared(name: PairName, { command }: Peer, url: string): Promise<Compared> {
  const { words, file, told }: Pair = pairs[name];
  const folder = mkdtempSync(join(tmpdir(), `seatrial-translated-${name}-`));
  try {
    await served(url);
    process.stderr.write(`running ${name} …\n`);
    await ended([...command, ...words(place(`translated/${name}/${file}`), url, folder)], { ARTILLERY_DISABLE_TELEMETRY: "true", K6_NO_USAGE_REPORT: "true" });
    const peerSaw = await served(url);
    process.stderr.write(`running its translation …\n`);
    await ended([process.execPath, "--no-warnings", place("../../src/cli/main.ts"), "run", place(`translated/${name}/trial.ts`), "--out", join(folder, "own"), "--report", "none"], { TARGET: url });
    return { peer: told(folder), own: await toldBySeatrial(join(folder, "own", "ledger.ndjson")), saw: [peerSaw, await served(url)] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ms = (value: number) => (Number.isFinite(value) ? `${Number(value.toPrecision(3))} ms` : "–");

function lines(name: PairName, { peer, own, saw }: Compared): string[][] {
  const { lengthS }: Pair = pairs[name];
  const row = (what: string, say: (told: Told, index: 0 | 1) => string) => [what, say(peer, 0), say(own, 1)];
  const steps = [...new Set([...peer.steps.keys(), ...own.steps.keys()])].sort();
  const ofStep = ({ steps }: Told, step: string): Step => steps.get(step) ?? nothing;
  return [
    ["", name, "seatrial"],
    row("requests", ({ all }) => String(all.requests)),
    row("requests that the target saw", (_, index) => String(saw[index].requests)),
    row("requests a second", ({ all }) => (all.requests / lengthS).toFixed(1)),
    row("failures", ({ all }) => String(all.failures)),
    row("failures that the target sent", (_, index) => String(saw[index].failures)),
    row("p50", ({ all }) => ms(all.p50Ms)),
    row("p95", ({ all }) => ms(all.p95Ms)),
    ...steps.map((step) => row(`share of ${step}`, (told) => {
      const one = ofStep(told, step);
      return `${((100 * one.requests) / told.all.requests).toFixed(1)} %  p50 ${ms(one.p50Ms)}`;
    })),
  ];
}

const tableOf = (rows: readonly string[][]): string => {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()).join("\n");
};

/** Examples of other tools beside their translations, on one target. `--only NAME` runs one pair. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { only: { type: "string" } } });
  const wanted = (Object.keys(pairs) as PairName[]).filter((name) => values.only === undefined || name === values.only);
  if (wanted.length === 0) throw new Error(`there is no pair '${values.only}'; there are: ${Object.keys(pairs).join(", ")}`);
  const { url, child } = await target();
  const ratios: Record<string, number> = {};
  try {
    for (const name of wanted) {
      const there = await peerIfThere(name);
      if (!there) continue;
      const both = await compared(name, there, url);
      process.stdout.write(`${tableOf(lines(name, both))}\n\n`);
      ratios[name] = Math.round((1_000 * both.own.all.requests) / both.peer.all.requests) / 1_000;
    }
  } finally {
    child.kill();
  }
  process.stdout.write(`${JSON.stringify({ bench: "translated", ratios })}\n`);
}
