import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { Argument, Option, type Command } from "commander";
import { readCurl } from "../recording/curl/curl.ts";
import { readHar } from "../recording/har/har.ts";
import { readK6 } from "../recording/k6/k6.ts";
import { readOpenapi } from "../recording/openapi/openapi.ts";
import type { Recording } from "../recording/recording.ts";
import { writeScenario } from "../recording/write/scenario.ts";
import type { AssetChoice } from "../recording/write/select.ts";
import { problem, SeatrialError } from "../units/errors.ts";
import { sayAside } from "./say.ts";

type Reader = (text: string, name: string, file: string) => Recording | Promise<Recording>;

const readers: Readonly<Record<string, Reader>> = { har: readHar, openapi: readOpenapi, curl: readCurl, "k6-json": readK6 };

interface ImportOptions {
  readonly out?: string;
  readonly assets: AssetChoice;
}

/** A recording is read as a whole: so much fits into the memory that Node allows itself anywhere. */
const limitMb = 200;

/** `seatrial import FORMAT FILE`: a recording into a scenario that a person keeps editing. */
export function importVerb(program: Command): void {
  program
    .command("import")
    .addArgument(new Argument("<format>", "har, openapi (JSON or YAML), curl (commands), k6-json (what `k6 inspect script.js` prints)").choices(Object.keys(readers)))
    .argument("<file>", "what to read, or - for standard input")
    .option("--out <file>", "where the scenario goes; overwrites nothing (default: standard output)")
    .addOption(new Option("--assets <what>", "what becomes of static files in a har").choices(["drop", "keep", "group"]).default("drop"))
    .description("write a scenario from a recording or a description; runs nothing of it, and writes no secret")
    .action(async (format: string, file: string, { out, assets }: ImportOptions) => {
      const isPiped = file === "-";
      const from = isPiped ? "standard input" : basename(file);
      const name = isPiped ? "recording" : from.replace(/\.\w+$/, "") || from;
      const recording = await readers[format]!(await read(file), name, isPiped ? from : file);
      const written = writeScenario(recording, { name, from, assets });
      if (out === undefined) process.stdout.write(written.text);
      else await writeNew(out, written.text);
      sayAside(`${written.size}${out === undefined ? "" : ` in ${out}`}`);
      for (const note of written.notes) sayAside(`left out: ${note}`);
      if (written.variables.length > 0) sayAside(`set before a run: ${written.variables.join(", ")}`);
      if (out !== undefined) sayAside(`then: seatrial plan ${out}`);
    });
}

async function read(file: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of (file === "-" ? process.stdin : createReadStream(file)) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limitMb * 1e6) throw problem("SEA_IMPORT_LONG", { limitMb }, file);
    }
  } catch (cause) {
    if (cause instanceof SeatrialError) throw cause;
    throw problem("SEA_IMPORT_READ", { file, error: (cause as Error).message }, file, cause);
  }
  return Buffer.concat(chunks).toString();
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") throw problem("SEA_IMPORT_EXISTS", { file }, "--out", cause);
    throw problem("SEA_IMPORT_WRITE", { file, error: (cause as Error).message }, "--out", cause);
  }
}
