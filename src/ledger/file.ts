import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { problem } from "../units/errors.ts";
import type { Line } from "./lines.ts";

/** Where lines go: a file, or memory in a rehearsal. */
export interface LedgerSink {
  write(line: Line): void;
  /** Returns when everything written is on the disk, not only in the system's memory. */
  flush(): void;
  close(): void;
}

/**
 * Appends to a ledger file. Every line is handed to the system whole and at once, so that it
 * outlives a `kill -9` of this process; `flush` makes it outlive the machine.
 *
 * @throws SEA_LEDGER_WRITE when the file can't be opened or written, as on a full disk
 */
export function appendTo(path: string): LedgerSink {
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      throw problem("SEA_LEDGER_WRITE", { path, error: (cause as Error).message }, path, cause);
    }
  };
  const fd = attempt(() => openSync(path, "a"));
  let open = true;
  return {
    write(line) {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      attempt(() => {
        for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      });
    },
    flush() {
      attempt(() => fsyncSync(fd));
    },
    close() {
      if (!open) return;
      open = false;
      attempt(() => fsyncSync(fd));
      closeSync(fd);
    },
  };
}
