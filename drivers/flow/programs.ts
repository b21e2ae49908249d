import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The first of these programs on the PATH; undefined where there is none. */
export function findProgram(names: readonly string[], env: Readonly<Record<string, string | undefined>>): string | undefined {
  const folders = (env["PATH"] ?? "").split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** The folder of a package as Node would find it from one of the folders. */
export function packageFolder(name: string, folders: readonly string[]): string | undefined {
  for (let at of folders) {
    for (;;) {
      const found = join(at, "node_modules", name);
      if (existsSync(join(found, "package.json"))) return found;
      if (dirname(at) === at) break;
      at = dirname(at);
    }
  }
  return undefined;
}
