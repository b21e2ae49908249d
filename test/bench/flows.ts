import { parseArgs } from "node:util";
import { pairs } from "./flows/pairs.ts";
import type { Client } from "./http/clients.ts";
import { perCpuSecond } from "./http/rate.ts";
import { withTarget } from "./http/target.ts";
import { table } from "./table.ts";

/**
 * Collections and flows for each second of the client's CPU, whole processes, start-up included: Seatrial beside
 * the tools that they were made for, in turn, round by round, against one nginx.
 * `--rounds N` (default 3), `--seconds N` (default 15), `--only KEY[,KEY]` some pairs.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { rounds: { type: "string", default: "3" }, seconds: { type: "string", default: "15" }, only: { type: "string" } } });
  const wanted = values.only?.split(",");
  const taking = pairs.filter(({ key }) => wanted === undefined || wanted.includes(key));
  const clients = [...new Set(taking.flatMap(({ ours, theirs }) => [ours, theirs]))];
  const rates = new Map<Client, number[]>(clients.map((client) => [client, []]));
  await withTarget(async (target) => {
    for (let round = 1; round <= Number(values.rounds); round++) {
      for (const client of clients) {
        process.stderr.write(`round ${round}: ${client.name} …\n`);
        rates.get(client)!.push(await perCpuSecond(client, Number(values.seconds), target));
      }
    }
  });
  const ratios = Object.fromEntries(taking.map(({ key, ours, theirs }) => [key, median(rates.get(ours)!.map((rate, round) => rate / rates.get(theirs)![round]!))]));
  const measured = clients.map((client) => ({ name: client.name, value: median(rates.get(client)!), unit: `${taking.find(({ ours, theirs }) => ours === client || theirs === client)!.unit} / CPU s` }));
  const compared = taking.map(({ key, goal }) => ({ name: `seatrial ÷ ${key}`, value: ratios[key]!, unit: "", goal: { atLeast: goal } }));
  process.stdout.write(`${table([...measured, ...compared])}\n\n`);
  process.stdout.write(`${JSON.stringify({ bench: "flows", ratios: Object.fromEntries(Object.entries(ratios).map(([key, value]) => [key, Math.round(value * 1_000) / 1_000])) })}\n`);
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!;
