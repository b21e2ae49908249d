import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { problem } from "../../src/units/errors.ts";

/** The first of these programs on the PATH; undefined where there is none. */
export function findProgram(names: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The file that starts the Appium of a project, as Node would find it from there.
 *
 * @throws SEA_MOBILE_APPIUM where the project has none
 */
export function findAppium(home: string): string {
  for (let at = home; ; at = dirname(at)) {
    const folder = join(at, "node_modules", "appium");
    const file = join(folder, "package.json");
    if (existsSync(file)) {
      const { bin } = JSON.parse(readFileSync(file, "utf8")) as { bin: string | Record<string, string> };
      return join(folder, typeof bin === "string" ? bin : bin["appium"]!);
    }
    if (dirname(at) === at) throw problem("SEA_MOBILE_APPIUM", { folder: home }, "mobile.server");
  }
}

/**
 * The library that speaks to the server, loaded with the first session.
 *
 * @throws SEA_MOBILE_PACKAGE
 */
export async function loadWebdriverio(): Promise<typeof import("webdriverio")> {
  try {
    return await import("webdriverio");
  } catch (cause) {
    // Another file that is missing inside of it is another mistake.
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND" || canResolve("webdriverio")) throw cause;
    throw problem("SEA_MOBILE_PACKAGE", { package: "webdriverio" }, "mobile", cause);
  }
}

function canResolve(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
