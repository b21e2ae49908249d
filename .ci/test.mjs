/**
 * What `npm test` does: the type check, then every suite that needs no cluster. Its last line is
 * `N passed, N failed, N skipped`; a type error, or a run that broke, counts as a failure.
 * Arguments go to vitest: `npm test -- test/units`.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "seatrial-test-"));
const file = join(folder, "tally.json");

/** Runs a tool of node_modules/.bin, shows what it prints, and answers its exit code and that text. */
function run(tool, args) {
  const child = spawn(tool, args, {
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
    env: { ...process.env, SEATRIAL_TALLY: file },
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
    process.stdout.write(chunk);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, text }));
  });
}

const types = await run("tsc", ["-p", "tsconfig.json", "--pretty", "false"]);
const typeErrors = types.text.match(/: error TS\d+:|^error TS\d+:/gm)?.length ?? 0;
const suites = await run("vitest", [
  "run", "--config", "test/vitest.config.ts", "--exclude", "test/world/cluster/**",
  "--reporter", "default", "--reporter", "./.ci/tally.mjs", ...process.argv.slice(2),
]);

let counts = { passed: 0, failed: 1, skipped: 0 };
try {
  counts = JSON.parse(readFileSync(file, "utf8"));
} catch {
  console.log("vitest ended without a tally");
}
rmSync(folder, { recursive: true, force: true });
if (suites.code !== 0 && counts.failed === 0) counts.failed = 1;
counts.failed += types.code === 0 ? 0 : Math.max(1, typeErrors);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
