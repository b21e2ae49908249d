/**
 * node keeper.ts PROGRAM args…
 *
 * Runs the server beside the process that wants it. Whatever becomes of either, nothing is left: when
 * its stdin ends, the starter is gone, and when the server ends, the browsers and helpers it started do, too.
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { realClock } from "../../src/units/clock.ts";

/** The server ends its sessions in this time, or not at all. */
const endWithinMs = 2_000;

const [program, ...args] = process.argv.slice(2);
const server = spawn(process.execPath, [program!, ...args], { stdio: ["ignore", "inherit", "inherit"] });
const clock = realClock();

server.once("exit", (code, signal) => {
  sweep();
  process.exit(code ?? (signal === "SIGKILL" ? 137 : 1));
});
server.once("error", () => process.exit(1));
process.on("SIGINT", () => {});
process.on("SIGTERM", end);
process.stdin.on("end", end).on("error", end).resume();

let ending = false;
function end(): void {
  if (ending) return;
  ending = true;
  server.kill("SIGTERM");
  clock.at(clock.now() + endWithinMs, () => server.kill("SIGKILL"));
}

/** Ends all others of the session that this process leads: their parents may be gone already. */
function sweep(): void {
  let ids: string[];
  try {
    ids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && entry !== String(process.pid));
  } catch {
    return sweepGroup();
  }
  for (const id of ids) {
    try {
      // The name before them may have anything in it, closing parentheses too.
      const session = readFileSync(`/proc/${id}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[3];
      if (session === String(process.pid)) process.kill(Number(id), "SIGKILL");
    } catch {
      // Gone meanwhile, as it should be.
    }
  }
}

/** Where the system does not tell who belongs together: the group, which this process is of as well. */
function sweepGroup(): void {
  if (process.platform !== "win32") process.kill(-process.pid, "SIGKILL");
}
