import { stripVTControlCharacters, styleText } from "node:util";
import { sayError, SeatrialError } from "../units/errors.ts";

/** Controls but for new lines and tabs, and those that turn the direction of the text around them. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Text of servers and files, made safe for a terminal: nothing in it can colour, move or hide what is around it. */
const plain = (text: string): string => stripVTControlCharacters(text).replace(controls, "\ufffd");

/** Prints a problem with its code, place and hint; anything else with its stack, for it is a mistake of ours. */
export function sayProblem(error: unknown): void {
  const red = (text: string) => styleText("red", text, { stream: process.stderr });
  const dim = (text: string) => styleText("dim", text, { stream: process.stderr });
  if (error instanceof SeatrialError) {
    process.stderr.write(`${red(error.code)}${error.place ? `  ${plain(error.place)}` : ""}\n  ${plain(error.message)}\n  ${dim(`→ ${plain(error.hint)}`)}\n`);
  } else {
    process.stderr.write(`${red("unexpected")}  ${plain(error instanceof Error ? (error.stack ?? error.message) : sayError(error))}\n`);
  }
}

/** Prints everything that is wrong with a scenario. */
export function sayProblems(problems: readonly SeatrialError[], warnings: readonly string[]): void {
  for (const problem of problems) sayProblem(problem);
  for (const warning of warnings) process.stderr.write(`warning: ${plain(warning)}\n`);
  process.stderr.write(`\n${problems.length} ${problems.length === 1 ? "mistake" : "mistakes"}; nothing was started.\n`);
}

/** A line for people that must not mix with what a verb prints for machines. */
export function sayAside(line: string): void {
  process.stderr.write(`${plain(line)}\n`);
}
