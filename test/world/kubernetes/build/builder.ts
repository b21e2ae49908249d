import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { run } from "../machine/command.ts";
import { underLock } from "../machine/lock.ts";
import { goFlags, keyOf, type Recipe } from "./recipes.ts";

/** Where what was built is kept, for every clone and every bed of this user. */
export const cacheFolder = (): string => join(homedir(), ".cache", "seatrial-testbed");

/** A cold build of the largest takes some twelve minutes on two cores that it has to itself. */
const longestMs = 60 * 60_000;

/**
 * The folder with the programs of a component; builds them first where they are not there. Two
 * builders of the same cache wait for each other, and a folder is whole as soon as it has its name.
 *
 * @param say told what takes long
 */
export async function built(recipe: Recipe, say: (line: string) => void): Promise<string> {
  const cache = cacheFolder();
  const folder = join(cache, keyOf(recipe));
  if (existsSync(folder)) return folder;
  const waiting = () => say(`waiting for another build…`);
  return underLock(join(cache, "build.lock"), async () => {
    if (existsSync(folder)) return folder;
    // Whoever was killed in here left its work behind.
    for (const name of readdirSync(cache)) if (name.startsWith("work-")) rmSync(join(cache, name), { recursive: true, force: true });
    say(`building ${recipe.name} ${recipe.version} (once; minutes)…`);
    const startMs = Date.now();
    const work = mkdtempSync(join(cache, "work-"));
    try {
      await build(recipe, work, join(cache, "go"));
      renameSync(join(work, "out"), folder);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    say(`built ${recipe.name} in ${Math.round((Date.now() - startMs) / 1_000)} s`);
    return folder;
  }, waiting);
}

async function build(recipe: Recipe, work: string, goCache: string): Promise<void> {
  const out = join(work, "out");
  mkdirSync(out);
  writeFileSync(join(work, "go.mod"), recipe.mod);
  if (recipe.sum !== undefined) writeFileSync(join(work, "go.sum"), recipe.sum);
  // The module that builds has no code of its own, so its requirements are completed while building.
  const env = { GOTOOLCHAIN: "local", GOFLAGS: "-mod=mod -buildvcs=false", GOWORK: "off", GOCACHE: goCache, CGO_ENABLED: recipe.cgo ? "1" : "0" };
  const setting = { cwd: work, env, limitMs: longestMs };
  const linker = ["-s", "-w", ...Object.entries(recipe.set ?? {}).map(([name, value]) => `-X ${name}=${value}`)].join(" ");
  await run(["go", "build", ...goFlags, "-ldflags", linker, "-o", `${out}/`, ...Object.keys(recipe.programs)], setting);
  for (const [path, name] of Object.entries(recipe.programs)) {
    const made = nameOfBinary(path);
    if (made !== name) renameSync(join(out, made), join(out, name));
  }
  for (const [module, paths] of Object.entries(recipe.files ?? {})) {
    const from = (await run(["go", "list", "-m", "-f", "{{.Dir}}", module], setting)).trim();
    for (const path of paths) cpSync(join(from, path), join(out, path), { recursive: true });
  }
}

/** How `go build` names the program of a package: by the last part of its path that is no version. */
const nameOfBinary = (path: string): string => path.split("/").findLast((part) => !/^v\d+$/.test(part)) ?? path;
