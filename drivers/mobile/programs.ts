import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { problem } from "../../src/units/errors.ts";
import { packageFolder } from "../flow/programs.ts";

/**
 * The file that starts the Appium of a project, as Node would find it from there.
 *
 * @throws SEA_MOBILE_APPIUM where the project has none
 */
export function findAppium(home: string): string {
  const folder = packageFolder("appium", [home]);
  if (folder === undefined) throw problem("SEA_MOBILE_APPIUM", { folder: home }, "mobile.server");
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { bin: string | Record<string, string> };
  return join(folder, typeof bin === "string" ? bin : bin["appium"]!);
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
