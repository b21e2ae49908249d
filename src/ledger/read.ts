import { createReadStream } from "node:fs";
import { dirname, relative } from "node:path";
import { problem } from "../units/errors.ts";
import type { Line } from "./lines.ts";
import { ViewBuilder } from "./gather.ts";
import type { LedgerView } from "./view.ts";

/** Splits a file into lines without holding it whole; says whether the last one was ended. */
async function* linesOf(path: string): AsyncGenerator<{ readonly text: string; readonly ended: boolean }> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, at);
      yield { text: (rest.length > 0 ? Buffer.concat([rest, piece]) : piece).toString("utf8"), ended: true };
      rest = Buffer.alloc(0);
      from = at + 1;
    }
    rest = rest.length > 0 ? Buffer.concat([rest, chunk.subarray(from)]) : Buffer.from(chunk.subarray(from));
  }
  if (rest.length > 0) yield { text: rest.toString("utf8"), ended: false };
}

/**
 * Reads a ledger, or the ledgers of one sharded run. A torn last line is dropped and said in
 * `damage`; so is every line that can't be understood. It never fails on what a cut left behind.
 *
 * @throws SEA_LEDGER_READ when a file can't be read, SEA_LEDGER_FOREIGN when it is no ledger
 */
export function readLedger(...paths: readonly string[]): Promise<LedgerView> {
  return readLedgers(paths, dirname(paths[0] ?? ""));
}

/** The same for a reader in another folder, from which the paths of evidence count. */
export async function readLedgers(paths: readonly string[], folder: string): Promise<LedgerView> {
  const builder = new ViewBuilder();
  for (const path of paths) {
    const from = relative(folder, dirname(path)).replaceAll("\\", "/");
    builder.base = from === "" ? "" : `${from}/`;
    let number = 0;
    let isEnded = false;
    try {
      for await (const { text, ended } of linesOf(path)) {
        number += 1;
        if (text === "") continue;
        let line: Line | undefined;
        try {
          line = JSON.parse(text) as Line;
        } catch {
          builder.damage.push(ended ? `line ${number} of ${path} is unreadable` : `the torn last line of ${path} was dropped`);
        }
        if (line === undefined) continue;
        if (number === 1 && line.k !== "run") throw problem("SEA_LEDGER_FOREIGN", { path }, path);
        try {
          builder.add(line);
          if (line.k === "end") isEnded = true;
        } catch {
          builder.damage.push(`line ${number} of ${path} has not the form of a ledger's`);
        }
      }
    } catch (cause) {
      if ((cause as { code?: string }).code?.startsWith("SEA_")) throw cause;
      throw problem("SEA_LEDGER_READ", { path, error: (cause as Error).message }, path, cause);
    }
    // The end of another shard must not stand for this one's.
    if (paths.length > 1 && !isEnded) builder.damage.push(`${path} has no end line: its run was cut`);
  }
  const view = builder.view();
  if (!view) throw problem("SEA_LEDGER_FOREIGN", { path: paths.join(", ") }, paths[0]);
  return view;
}
