import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { table, type Row } from "./table.ts";

/** Each is a program of its own, so that none inherits another's heap or compiled code. */
const parts = ["scheduler", "idle-users", "ledger", "start-up", "op"] as const;

async function measure(part: string, seconds: string): Promise<Row[]> {
  const program = fileURLToPath(new URL(`core/${part}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--expose-gc", program, seconds], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  const out = await text(child.stdout);
  const code = await ended;
  if (code !== 0) throw new Error(`the benchmark ${part} ended with ${code}`);
  return JSON.parse(out) as Row[];
}

/** The engine's own numbers: schedule, memory, ledger, start-up. `--seconds N` shortens the schedule; `--only PART` measures one part. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { seconds: { type: "string", default: "30" }, only: { type: "string" } } });
  const wanted = parts.filter((part) => values.only === undefined || part === values.only);
  if (wanted.length === 0) throw new Error(`there is no part '${values.only}'; there are: ${parts.join(", ")}`);
  const rows: Row[] = [];
  for (const part of wanted) {
    process.stderr.write(`measuring ${part} …\n`);
    rows.push(...(await measure(part, values.seconds)));
  }
  process.stdout.write(`${table(rows)}\n${JSON.stringify({ bench: "core", numbers: Object.fromEntries(rows.map(({ name, value }) => [name, Math.round(value * 10_000) / 10_000])) })}\n`);
}
