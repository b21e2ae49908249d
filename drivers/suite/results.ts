import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";

/** The files of a setting's `results`: itself, or all of its ending in a folder; by what tells two versions apart. */
export type Versions = ReadonlyMap<string, { readonly version: string; readonly bytes: number }>;

/** Looks at what is there now; nothing, where there is nothing. */
export async function versionsAt(path: string, ending: string): Promise<Versions> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return new Map();
  const files = found.isDirectory() ? (await readdir(path)).filter((name) => extname(name) === ending).sort().map((name) => join(path, name)) : [path];
  const versions = new Map<string, { version: string; bytes: number }>();
  for (const file of files) {
    const { ino, mtimeNs, size } = await stat(file, { bigint: true });
    versions.set(file, { version: `${ino} ${mtimeNs} ${size}`, bytes: Number(size) });
  }
  return versions;
}

/** What was written since `before`; an earlier run's results must not pass for this one's. Undefined when it is too long. */
export async function writtenSince(before: Versions, path: string, ending: string, mostBytes: number): Promise<readonly string[] | undefined> {
  const fresh = [...(await versionsAt(path, ending))].filter(([file, { version }]) => before.get(file)?.version !== version);
  if (fresh.reduce((sum, [, { bytes }]) => sum + bytes, 0) > mostBytes) return undefined;
  return Promise.all(fresh.map(([file]) => readFile(file, "utf8")));
}
