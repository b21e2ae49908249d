import { parseArgs } from "node:util";
import { measurePart, printRows } from "./part.ts";

/** How punctual open load is at 70 % of the ceiling that this machine has. `--seconds N` (default 20); `--rate N` asks for that in place of the share. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { seconds: { type: "string", default: "20" }, rate: { type: "string" } } });
  printRows("open", await measurePart("load/open.ts", [values.seconds, ...(values.rate === undefined ? [] : [values.rate])], Number(values.seconds) * 2 + 120));
}
