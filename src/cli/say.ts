import { styleText } from "node:util";
import { SeatrialError } from "../units/errors.ts";

/** Prints a problem with its code, place and hint; anything else with its stack, for it is a mistake of ours. */
export function sayProblem(error: unknown): void {
  const red = (text: string) => styleText("red", text, { stream: process.stderr });
  const dim = (text: string) => styleText("dim", text, { stream: process.stderr });
  if (error instanceof SeatrialError) {
    process.stderr.write(`${red(error.code)}${error.place ? `  ${error.place}` : ""}\n  ${error.message}\n  ${dim(`→ ${error.hint}`)}\n`);
  } else {
    process.stderr.write(`${red("unexpected")}  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}

/** Prints everything that is wrong with a scenario. */
export function sayProblems(problems: readonly SeatrialError[], warnings: readonly string[]): void {
  for (const problem of problems) sayProblem(problem);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  process.stderr.write(`\n${problems.length} ${problems.length === 1 ? "mistake" : "mistakes"}; nothing was started.\n`);
}

/** A line for people that must not mix with what a verb prints for machines. */
export function sayAside(line: string): void {
  process.stderr.write(`${line}\n`);
}
