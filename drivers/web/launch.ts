import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { problem } from "../../src/units/errors.ts";
import { unpackEmbedded, type Embedded } from "./embedded.ts";
import { findBrowser, variableOf, type Machine } from "./find.ts";
import type { Settings } from "./settings.ts";

/** This machine, as browsers are looked for on it. */
export const thisMachine = (): Machine => ({ env: process.env, folders: [process.cwd(), dirname(fileURLToPath(import.meta.url))] });

/** What mends a missing browser. */
export const mendOf = (browser: Settings["browser"]): string => `npx playwright-core install --with-deps ${browser}`;

/**
 * The program to start, and the words that it needs: the one of the settings, or the one that is found.
 *
 * Over WebDriver no headless shell: it shows a blank page for every error, and the protocol has no other
 * word for most of them.
 * @throws SEA_WEB_BROWSER when there is none
 */
export async function programOf({ engine, browser, executable, headless }: Pick<Settings, "engine" | "browser" | "executable" | "headless">): Promise<Embedded> {
  const lacks = (why: string) => problem("SEA_WEB_BROWSER", { browser, why, mend: mendOf(browser) }, "web.executable");
  if (executable !== undefined) {
    if (!existsSync(executable)) throw lacks(`${executable} is not there`);
    return { path: executable, args: [], env: {} };
  }
  const found = findBrowser(browser, thisMachine(), !headless || engine === "webdriver");
  // Playwright speaks to Firefox and WebKit only where it built them itself.
  if (!found || (found.from === "system" && engine === "playwright" && browser !== "chromium")) throw lacks("neither its variable, nor Playwright's cache, nor the PATH has one");
  if (found.from === "package") return unpackEmbedded(found.path);
  if (!existsSync(found.path)) throw lacks(`${variableOf(browser)}=${found.path}, which is not there`);
  return { path: found.path, args: [], env: {} };
}

/**
 * A package that is only there where somebody asked for it.
 *
 * @throws SEA_WEB_PACKAGE with the command that installs it
 */
export async function loadPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw problem("SEA_WEB_PACKAGE", { package: name }, "web.engine", cause);
  }
}
