import { spawn } from "node:child_process";
import type { Clock } from "../../../src/units/clock.ts";

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A program that asks a cloud takes seconds; one that waits for a person never ends. */
const patienceMs = 30_000;
const mostOutput = 1_000_000;

/** Runs a program to its end, for 30 s at most. Rejects when it is not there, or did not end. */
export async function runProgram(clock: Clock, command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const ended = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      let [out, err] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => out.length < mostOutput && (out += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => err.length < mostOutput && (err += text));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, out, err }));
      clock.sleep(patienceMs, ended.signal).then(() => {
        // Often a script: what it started has to end with it. Gone meanwhile is gone.
        try {
          process.kill(-child.pid!, "SIGKILL");
        } catch {}
        reject(new Error(`it did not end within ${patienceMs / 1_000} s`));
      }, () => undefined);
    });
  } finally {
    ended.abort();
  }
}
