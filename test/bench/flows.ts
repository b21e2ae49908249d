import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pairs, twins } from "./flows/pairs.ts";
import type { Client } from "./http/clients.ts";
import { perCpuSecond } from "./http/rate.ts";
import { withTarget } from "./http/target.ts";
import { median } from "./median.ts";
import { program } from "./program.ts";
import { table, type Row } from "./table.ts";

interface Measured {
  readonly rows: readonly Row[];
  /** By the key of who is compared with. */
  readonly ratios: readonly Row[];
}

/**
 * Collections and flows, Seatrial beside the tools that they were made for. Collections for each second of the
 * client's CPU, whole processes, start-up included, in turn, round by round, against one nginx; flows and taps for each
 * second, one at a time, in turn in one process.
 * `--rounds N` (default 3), `--seconds N` (default 15), `--only KEY[,KEY]` some of them.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { rounds: { type: "string", default: "3" }, seconds: { type: "string", default: "15" }, only: { type: "string" } } });
  const wanted = values.only?.split(",");
  const isWanted = ({ key }: { readonly key: string }) => wanted === undefined || wanted.includes(key);
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  const measured = [await collections(pairs.filter(isWanted), rounds, seconds), await flows(twins.filter(isWanted), rounds, seconds)];
  const ratios = measured.flatMap((one) => one.ratios);
  process.stdout.write(`${table([...measured.flatMap(({ rows }) => rows), ...ratios.map((row) => ({ ...row, name: `seatrial ÷ ${row.name}` }))])}\n\n`);
  process.stdout.write(`${JSON.stringify({ bench: "flows", ratios: Object.fromEntries(ratios.map(({ name, value }) => [name, Math.round(value * 1_000) / 1_000])) })}\n`);
}

async function collections(taking: typeof pairs, rounds: number, seconds: number): Promise<Measured> {
  if (taking.length === 0) return { rows: [], ratios: [] };
  const clients = [...new Set(taking.flatMap(({ ours, theirs }) => [ours, theirs]))];
  const rates = new Map<Client, number[]>(clients.map((client) => [client, []]));
  await withTarget(async (target) => {
    for (let round = 1; round <= rounds; round++) {
      for (const client of clients) {
        process.stderr.write(`round ${round}: ${client.name} …\n`);
        rates.get(client)!.push(await perCpuSecond(client, seconds, target));
      }
    }
  });
  return {
    rows: clients.map((client) => ({ name: client.name, value: median(rates.get(client)!), unit: `${taking.find(({ ours, theirs }) => ours === client || theirs === client)!.unit} / CPU s` })),
    ratios: taking.map(({ key, ours, theirs, goal }) => ({ name: key, value: median(rates.get(ours)!.map((rate, round) => rate / rates.get(theirs)![round]!)), unit: "", goal: { atLeast: goal } })),
  };
}

async function flows(taking: typeof twins, rounds: number, seconds: number): Promise<Measured> {
  const rows: Row[] = [];
  const ratios: Row[] = [];
  for (const { key, unit, name, file, goal } of taking) {
    const seen: { readonly ours: number; readonly theirs: number }[] = [];
    for (let round = 1; round <= rounds; round++) {
      process.stderr.write(`round ${round}: ${name} …\n`);
      const words = [process.execPath, "--no-warnings", fileURLToPath(new URL(`flows/${file}`, import.meta.url))];
      seen.push(JSON.parse(await program(words, { env: { BENCH_SECONDS: String(seconds) }, seconds: seconds + 90 })) as (typeof seen)[number]);
    }
    rows.push({ name, value: median(seen.map(({ ours }) => ours)), unit: `${unit} / s` }, { name: `  bare ${key}`, value: median(seen.map(({ theirs }) => theirs)), unit: `${unit} / s` });
    ratios.push({ name: key, value: median(seen.map(({ ours, theirs }) => ours / theirs)), unit: "", goal: { atLeast: goal } });
  }
  return { rows, ratios };
}
