/** How long a person waits for `seatrial plan` on the game day: wall time of whole processes. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { realClock } from "../../../src/units/clock.ts";
import type { Row } from "../table.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const clock = realClock();
const tookS = Array.from({ length: 7 }, () => {
  const fromMs = clock.now();
  const { status, stderr } = spawnSync(process.execPath, ["src/cli/main.ts", "plan", "scenarios/game-day.ts"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`plan ended with ${status}: ${stderr}`);
  return (clock.now() - fromMs) / 1_000;
}).sort((a, b) => a - b);
const rows: Row[] = [
  { name: "plan, median of 7", value: tookS[3]!, unit: "s", goal: { below: 0.4 } },
  { name: "plan, best of 7", value: tookS[0]!, unit: "s" },
];
process.stdout.write(JSON.stringify(rows));
