import type { Command } from "commander";
import { init } from "./init.ts";

/** `seatrial init`: a first scenario that runs as it is. */
export function initVerb(program: Command): void {
  program
    .command("init")
    .argument("[folder]", "where", ".")
    .description("write a first scenario that runs as it is; overwrites nothing")
    .action(async (folder: string) => {
      for (const line of await init(folder)) process.stdout.write(`${line}\n`);
    });
}
