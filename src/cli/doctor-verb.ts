import { styleText } from "node:util";
import type { Command } from "commander";
import { doctor } from "./doctor.ts";

const marks = { ok: ["green", "ok"], missing: ["yellow", "missing"], "too old": ["red", "too old"] } as const;

/** `seatrial doctor`: what is installed, reachable and permitted, and the command that mends each lack. */
export function doctorVerb(program: Command): void {
  program
    .command("doctor")
    .description("say what is installed, reachable and permitted here, and the one command that mends each lack")
    .action(async () => {
      const checks = await doctor();
      const width = Math.max(...checks.map(({ name }) => name.length));
      for (const { name, state, found, mend, ...check } of checks) {
        const [colour, word] = marks[state];
        process.stdout.write(`${styleText(colour, word.padEnd(8))} ${name.padEnd(width)}  ${found || `for ${check.for}`}\n`);
        if (mend !== undefined) process.stdout.write(`${" ".repeat(width + 11)}→ ${mend}\n`);
      }
    });
}
