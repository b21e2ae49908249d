import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Client, clients, withFolder } from "./accuracy/clients.ts";
import { type Latencies, type Script, scripts, truthOf } from "./accuracy/script.ts";

/** What is near enough: 2 % of the truth, or a millisecond where that is more. */
const nearShare = 0.02;
const nearMs = 1;
const names = ["p50", "p99", "p99.9"] as const;

interface Measured {
  readonly client: Client;
  readonly latencies: Latencies;
  /** What the server had of it, and how late it was itself (p99.9, ms). */
  readonly count: number;
  readonly serverLateMs: number;
}

/**
 * Latency from due against the truth, which is computed from the schedule and the server's script.
 * `--rounds N` (default 1; medians of more), `--only NAME[,NAME]` some clients, `--script NAME` one script.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { rounds: { type: "string", default: "1" }, only: { type: "string" }, script: { type: "string" } } });
  const only = values.only?.split(",");
  const taking = (await clients()).filter(({ name }) => only === undefined || only.includes(name));
  const errors: Record<string, Record<string, Record<string, number | null>>> = {};
  for (const script of scripts.filter(({ name }) => values.script === undefined || name === values.script)) {
    const rounds: Measured[][] = [];
    for (let round = 1; round <= Number(values.rounds); round++) {
      rounds.push([]);
      for (const client of taking) {
        process.stderr.write(`${script.name}, round ${round}: ${client.name} …\n`);
        rounds.at(-1)!.push(await measure(client, script));
      }
    }
    errors[script.name] = report(script, taking.map((_, index) => middle(rounds.map((round) => round[index]!))));
  }
  process.stdout.write(`${JSON.stringify({ bench: "accuracy", ratios: ratiosOf(errors), errors })}\n`);
}

async function measure(client: Client, script: Script): Promise<Measured> {
  const server = spawn(process.execPath, [fileURLToPath(new URL("accuracy/server.ts", import.meta.url)), script.name], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const lines = createInterface(server.stdout);
    const [port] = (await once(lines, "line")) as [string];
    const latencies = await withFolder((folder) => client.measure(`http://127.0.0.1:${port}`, script, folder));
    const told = once(lines, "line");
    server.stdin.end();
    const { count, lateMs } = JSON.parse(((await told) as [string])[0]) as { count: number; lateMs: number };
    return { client, latencies, count, serverLateMs: lateMs };
  } finally {
    server.kill("SIGKILL");
  }
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[Math.floor((list.length - 1) / 2)]!;

function middle(rounds: readonly Measured[]): Measured {
  const latencies = names.map((_, index) => median(rounds.map((one) => one.latencies[index]!))) as unknown as Latencies;
  return { ...rounds[0]!, latencies, count: median(rounds.map(({ count }) => count)), serverLateMs: median(rounds.map(({ serverLateMs }) => serverLateMs)) };
}

const say = (ms: number): string => (Number.isFinite(ms) ? `${ms < 100 ? ms.toFixed(2) : ms.toFixed(0)} ms` : "–");
const sayError = (error: number): string => (Number.isFinite(error) ? `${error >= 0 ? "+" : ""}${(error * 100).toFixed(1)} %` : "–");

function report(script: Script, measured: readonly Measured[]): Record<string, Record<string, number | null>> {
  const truth = truthOf(script);
  const errors: Record<string, Record<string, number | null>> = {};
  const rows = measured.map(({ client, latencies, count, serverLateMs }) => {
    const cells = latencies.map((ms, index) => {
      const error = (ms - truth[index]!) / truth[index]!;
      (errors[client.name] ??= {})[names[index]!] = Number.isFinite(error) ? Number(error.toFixed(4)) : null;
      const near = Math.abs(ms - truth[index]!) <= Math.max(nearMs, nearShare * truth[index]!);
      return `${say(ms)} (${sayError(error)})${client.name === "seatrial" ? (near ? " met" : " MISSED") : ""}`;
    });
    return [client.name, client.load, ...cells, String(count), say(serverLateMs)];
  });
  const all = [[`${script.name}, ${script.rate}/s`, "load", ...names, "requests", "server late"], ["truth", "by the schedule", ...truth.map(say), String(script.rate * script.seconds), ""], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((line) => line[column]!.length)));
  process.stdout.write(`${all.map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()).join("\n")}\n\n`);
  return errors;
}

/** How many times as wrong a peer is at its worst as Seatrial at its own; above 1, Seatrial is nearer to the truth. */
function ratiosOf(errors: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number | null>>>>>>): Record<string, number> {
  const worst: Record<string, number> = {};
  for (const of of Object.values(errors)) for (const [name, by] of Object.entries(of)) worst[name] = Math.max(worst[name] ?? 0, ...Object.values(by).map((error) => Math.abs(error ?? 0)));
  const ours = worst["seatrial"];
  if (ours === undefined) return {};
  return Object.fromEntries(Object.entries(worst).filter(([name]) => name !== "seatrial").map(([name, error]) => [name, Number((error / ours).toPrecision(3))]));
}
