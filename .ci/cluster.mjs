/**
 * What `npm run test:cluster` does: brings a test bed up, runs the suites of test/cluster inside its
 * network, takes it down. Its last line is `N passed, N failed, N skipped`. Without a bed the suites say
 * so and count as skipped; with CI=true that is a failure.
 * With SEATRIAL_BED=name it uses the bed of that name, which stays. Arguments go to vitest.
 */
import { existsSync } from "node:fs";
import { beds, down, prepare, up } from "../test/world/kubernetes/testbed.ts";
import { shell } from "../test/world/kubernetes/shell.ts";
import { conclude, counted, run } from "./suites.mjs";

const own = process.env.SEATRIAL_BED === undefined;
const name = process.env.SEATRIAL_BED ?? `ci-${process.pid}`;
const say = (line) => console.log(`testbed: ${line}`);
const args = ["--config", "test/cluster/vitest.config.ts", ...process.argv.slice(2)];

// A runner that was killed could not take its bed down.
const orphans = () => beds().filter((bed) => /^ci-\d+$/.test(bed) && !existsSync(`/proc/${bed.slice(3)}`));
// The suites hear of a signal, too; what they leave is taken down below.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

let bed;
let lack = "";
try {
  for (const orphan of orphans()) await down(orphan, say);
  await prepare(say);
  bed = await up(name, own ? { nodes: 3 } : {}, say);
} catch (error) {
  lack = error.message;
  console.log(`NO TEST BED: ${lack.toUpperCase()}`);
}
let counts;
try {
  counts = await counted(args, async ([tool, ...words], env) => {
    if (bed === undefined) return (await run(tool, words, { ...env, SEATRIAL_BED_LACK: lack })).code;
    return shell(bed, ["env", ...Object.entries(env).map(([key, value]) => `${key}=${value}`), tool, ...words], process.cwd());
  });
} finally {
  if (own) await down(name, say);
}
// Last, whatever was said on the way down.
conclude(counts);
