import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { readSource, type Import, type Source } from "./source.ts";

/** Files by their path from the root. */
export type Tree = ReadonlyMap<string, string>;

/** Every file below the folders, without what is installed or made. */
export function readTree(root: string, folders: readonly string[]): Tree {
  const files = folders.flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
      .map((entry) => posix.join(posix.relative(root, entry.parentPath), entry.name)),
  );
  return new Map(files.sort().map((file) => [file, /\.(ts|md|json)$/.test(file) ? readFileSync(`${root}/${file}`, "utf8") : ""]));
}

/** An import whose other end is a file of the tree. */
export interface Arrow extends Import {
  readonly to: string;
}

export interface SourceFile extends Source {
  readonly arrows: readonly Arrow[];
  /** Imports of packages. */
  readonly packages: readonly Import[];
}

/** The TypeScript of a tree, read, with its imports followed. */
export function readSources(tree: Tree): ReadonlyMap<string, SourceFile> {
  const target = (file: string, from: string): string | undefined => {
    if (from.startsWith(".")) return posix.join(posix.dirname(file), from);
    const door = /^seatrial(?:\/([\w-]+))?$/.exec(from);
    if (!door) return undefined;
    return door[1] === undefined ? "src/index.ts" : door[1] === "reports" ? "reports/index.ts" : `drivers/${door[1]}/index.ts`;
  };
  return new Map(
    [...tree].filter(([file]) => file.endsWith(".ts")).map(([file, text]) => {
      const source = readSource(text);
      const arrows = source.imports.flatMap((one) => {
        const to = target(file, one.from);
        return to === undefined ? [] : [{ ...one, to }];
      });
      const packages = source.imports.filter(({ from }) => !from.startsWith("node:") && target(file, from) === undefined);
      return [file, { ...source, arrows, packages }];
    }),
  );
}
