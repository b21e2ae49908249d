import { readFile } from "node:fs/promises";

/** The package's version: its manifest is two folders up in the checkout, three in what is published. */
export async function version(): Promise<string> {
  for (const up of ["../../package.json", "../../../package.json"]) {
    try {
      const manifest = JSON.parse(await readFile(new URL(up, import.meta.url), "utf8")) as { name: string; version: string };
      if (manifest.name === "seatrial") return manifest.version;
    } catch {
      // Not there: look one further up.
    }
  }
  return "unknown";
}
