/** Running vitest and counting: what `npm test` and `npm run test:cluster` share. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs a tool of node_modules/.bin, shows what it prints, and answers its exit code and that text. */
export function run(tool, args, env = {}) {
  const child = spawn(tool, args, {
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
    env: { ...process.env, ...env },
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

/**
 * What a run of vitest counted.
 *
 * @param start gets the words of the command and its environment; answers the exit code
 */
export async function counted(args, start) {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-test-"));
  const file = join(folder, "tally.json");
  const code = await start(["vitest", "run", ...args, "--reporter", "default", "--reporter", "./.ci/tally.mjs"], { SEATRIAL_TALLY: file });
  let counts = { passed: 0, failed: 1, skipped: 0 };
  try {
    counts = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    console.log("vitest ended without a tally");
  }
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** Says the counts as the last line, and sets the exit code. */
export function conclude(counts) {
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}
