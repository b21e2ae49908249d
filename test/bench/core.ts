import { parseArgs } from "node:util";
import { measurePart, printRows } from "./part.ts";
import type { Row } from "./table.ts";

/** Each is a program of its own, so that none inherits another's heap or compiled code. */
const parts = ["scheduler", "idle-users", "ledger", "start-up", "op"] as const;

/** The engine's own numbers: schedule, memory, ledger, start-up. `--seconds N` shortens the schedule; `--only PART` measures one part. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { seconds: { type: "string", default: "30" }, only: { type: "string" } } });
  const wanted = parts.filter((part) => values.only === undefined || part === values.only);
  if (wanted.length === 0) throw new Error(`there is no part '${values.only}'; there are: ${parts.join(", ")}`);
  const rows: Row[] = [];
  for (const part of wanted) {
    process.stderr.write(`measuring ${part} …\n`);
    rows.push(...(await measurePart(`core/${part}.ts`, [values.seconds], Number(values.seconds) + 300)));
  }
  printRows("core", rows);
}
