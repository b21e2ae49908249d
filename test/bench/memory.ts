import { parseArgs } from "node:util";
import { measurePart, printRows } from "./part.ts";

/** Memory of connected users, and its growth over minutes at 10,000 requests a second. `--minutes N` (default 10; 0 leaves the growth out). */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { minutes: { type: "string", default: "10" } } });
  process.stderr.write("measuring connected users …\n");
  const rows = await measurePart("load/connected.ts", [], 180);
  if (Number(values.minutes) > 0) {
    process.stderr.write(`measuring growth for ${values.minutes} minutes …\n`);
    rows.push(...(await measurePart("load/growth.ts", [values.minutes], Number(values.minutes) * 60 + 120)));
  }
  printRows("memory", rows);
}
