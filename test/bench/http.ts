import { parseArgs } from "node:util";
import { clients } from "./http/clients.ts";
import { perCpuSecond } from "./http/rate.ts";
import { withTarget } from "./http/target.ts";
import { median } from "./median.ts";

/** What Seatrial's own figures should be, as ratios. */
const goals: Readonly<Record<string, number>> = { wrk: 0.65, autocannon: 1.8, k6: 8, locust: 15, three: 0.8, tls: 1.5 };
/** What each further client of Seatrial is compared with. */
const others: readonly (readonly [name: string, ours: string, theirs: string])[] = [["three", "seatrial, three requests", "seatrial"], ["tls", "seatrial, TLS", "undici, TLS"]];

/**
 * Requests for each second of the client's CPU, whole processes, start-up included: Seatrial beside its
 * peers, in turn, round by round, against one nginx. The target has a core of its own, and so have the clients.
 * `--rounds N` (default 3), `--seconds N` (default 8), `--only NAME[,NAME]` some clients.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { rounds: { type: "string", default: "3" }, seconds: { type: "string", default: "8" }, only: { type: "string" } } });
  const wanted = values.only?.split(",");
  const taking = (await clients()).filter(({ name }) => wanted === undefined || wanted.includes(name));
  const rates = new Map<string, number[]>(taking.map(({ name }) => [name, []]));
  await withTarget(async (target) => {
    for (let round = 1; round <= Number(values.rounds); round++) {
      for (const client of taking) {
        process.stderr.write(`round ${round}: ${client.name} …\n`);
        rates.get(client.name)!.push(await perCpuSecond(client, Number(values.seconds), target));
      }
    }
  });
  report(rates);
}

const whole = (value: number) => Math.round(value).toLocaleString("en");

function report(rates: ReadonlyMap<string, readonly number[]>): void {
  const ours = rates.get("seatrial");
  const ratios: Record<string, number> = {};
  const ratio = (mine: readonly number[], theirs: readonly number[]) => median(mine.map((rate, round) => rate / theirs[round]!));
  for (const [name, list] of rates) if (ours && !name.startsWith("seatrial") && !name.includes(",")) ratios[name] = ratio(ours, list);
  for (const [name, mine, theirs] of others) if (rates.has(mine) && rates.has(theirs)) ratios[name] = ratio(rates.get(mine)!, rates.get(theirs)!);
  const lines = [["client", "requests / CPU s", "(from – to)"], ...[...rates].map(([name, list]) => [name, whole(median(list)), `(${whole(Math.min(...list))} – ${whole(Math.max(...list))})`])];
  const sums = [["seatrial ÷", "ratio", "goal"], ...Object.entries(ratios).map(([name, value]) => [name, value.toFixed(2), name in goals ? `≥ ${goals[name]!}${value >= goals[name]! ? " met" : " MISSED"}` : ""])];
  for (const table of [lines, sums]) {
    const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
    process.stdout.write(`${table.map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()).join("\n")}\n\n`);
  }
  process.stdout.write(`${JSON.stringify({ bench: "http", ratios: Object.fromEntries(Object.entries(ratios).map(([name, value]) => [name, Math.round(value * 1_000) / 1_000])) })}\n`);
}
