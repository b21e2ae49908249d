import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { problem } from "../units/errors.ts";
import type { Line } from "./lines.ts";

/** Where lines go: a file, or memory in a rehearsal. */
export interface LedgerSink {
  write(line: Line): void;
  /** Returns when everything written is on the disk, not only in the system's memory. */
  flush(): void;
  close(): void;
}

/** A kill may have torn the last line: it must not swallow the first one that follows. */
function endLastLine(fd: number): void {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  if (size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 10) writeSync(fd, "\n");
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
  const fd = attempt(() => openSync(path, "a+"));
  attempt(() => endLastLine(fd));
  let open = true;
  return {
    write(line) {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      let done = 0;
      attempt(() => {
        try {
          while (done < bytes.length) done += writeSync(fd, bytes, done);
        } catch (error) {
          // Without its half, the ledger stays whole, and a short line, such as `healed`, may still fit.
          if (done > 0) ftruncateSync(fd, fstatSync(fd).size - done);
          throw error;
        }
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
