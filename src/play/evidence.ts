import type { Mask } from "../mask/mask.ts";
import type { Artifacts, Shelf } from "../model/driver.ts";
import { sayError } from "../units/errors.ts";

/** What one thread of a run keeps at the most. */
const mostFiles = 500;
const mostBytes = 256 * 1024 * 1024;
const mostFileBytes = 32 * 1024 * 1024;
const longestName = 120;

/**
 * The evidence of a run, within bounds: whatever its drivers save, the disk does not fill. Every file
 * has a number, so that no two have one name. They are written one after the other, while the run goes on; what
 * was left out is counted, and said at the end.
 */
export class Evidence {
  readonly #shelf: Shelf;
  #written: Promise<void> = Promise.resolve();
  #files = 0;
  #bytes = 0;
  #leftOut = 0;
  #leftBytes = 0;
  #why = "";

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** What one user's drivers may save; its text is masked. */
  of(mask: Mask): Artifacts {
    return { save: (name, content) => this.#save(name, typeof content === "string" ? mask.text(content) : content) };
  }

  #save(name: string, content: string | Uint8Array): string | undefined {
    const bytes = Buffer.byteLength(content);
    if (bytes > mostFileBytes) return this.#leaveOut(bytes, `one file may have ${mostFileBytes >> 20} MB`);
    if (this.#files >= mostFiles || this.#bytes + bytes > mostBytes) return this.#leaveOut(bytes, `a run keeps ${mostFiles} files and ${mostBytes >> 20} MB`);
    this.#files += 1;
    this.#bytes += bytes;
    // The end of a name is its extension.
    const path = this.#shelf.place(`${String(this.#files).padStart(3, "0")}-${name.slice(-longestName)}`);
    this.#written = this.#written.then(() => this.#shelf.put(path, content)).catch((error: unknown) => void this.#leaveOut(bytes, sayError(error)));
    return path;
  }

  /** All that was kept is on the disk, or is left out. */
  get written(): Promise<void> {
    return this.#written;
  }

  /** What was left out, in words; undefined when nothing was. */
  get leftOut(): string | undefined {
    if (this.#leftOut === 0) return undefined;
    return `${this.#leftOut} ${this.#leftOut === 1 ? "file" : "files"} of evidence (${Math.ceil(this.#leftBytes / 1024)} kB) left out: ${this.#why}`;
  }

  #leaveOut(bytes: number, why: string): undefined {
    this.#leftOut += 1;
    this.#leftBytes += bytes;
    this.#why ||= why;
  }
}
