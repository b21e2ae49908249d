/** Writes lines until it is killed, and says how many are written. */
import { appendTo } from "../../src/ledger/file.ts";
import { runLineOf } from "./lines.ts";

const sink = appendTo(process.argv[2]!);
sink.write(runLineOf());
for (let n = 1; n < 1_000_000; n++) {
  sink.write({ k: "say", t: n, level: "info", text: `line ${n}` });
  if (n % 50 === 0) await new Promise<void>((resolve) => process.stdout.write(`${n}\n`, () => resolve()));
}
