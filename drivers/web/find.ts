import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findProgram, isProgram, packageFolder } from "../flow/programs.ts";
import type { BrowserName } from "./settings.ts";

/** Where a browser is looked for; a test gives another machine. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where packages are looked for, going up. */
  readonly folders: readonly string[];
}

/** A browser that was found. */
export interface Found {
  readonly from: "environment" | "cache" | "system" | "package";
  /** The program; for a package that brings a packed one, the package's folder. */
  readonly path: string;
}

const variables: Readonly<Record<BrowserName, string>> = { chromium: "CHROME_PATH", firefox: "FIREFOX_PATH", webkit: "WEBKIT_PATH" };

/** The headless shell first: a flow in it takes half the time and half the memory. */
const programs: Readonly<Record<BrowserName, readonly string[]>> = {
  chromium: ["chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  firefox: ["firefox", "firefox-esr"],
  webkit: [],
};

/** Folders of Playwright's cache begin so, and programs in them end so; the best first. */
const cached: Readonly<Record<BrowserName, readonly (readonly [folder: string, program: RegExp])[]>> = {
  chromium: [
    ["chromium_headless_shell-", /^(chrome-headless-shell|headless_shell)(\.exe)?$/],
    ["chromium-", /^(chrome(\.exe)?|Chromium|Google Chrome for Testing)$/],
  ],
  firefox: [["firefox-", /^firefox(\.exe)?$/]],
  webkit: [["webkit-", /^(pw_run\.sh|Playwright(\.exe)?)$/]],
};

/** The package that brings a Chromium, packed, for one kind of machine. */
export const embeddedPackage = "@sparticuz/chromium";
const isPacked = process.platform === "linux" && process.arch === "x64";

/** The variable that names the program of a browser. */
export const variableOf = (browser: BrowserName): string => variables[browser];

/**
 * The browser of this machine: from its variable, from Playwright's cache, from the PATH, or for Chromium
 * from a package; undefined where there is none. A variable that leads nowhere is for the caller to tell.
 *
 * @param isWhole passes over headless shells
 */
export function findBrowser(browser: BrowserName, machine: Machine, isWhole = false): Found | undefined {
  const named = machine.env[variables[browser]];
  if (named) return { from: "environment", path: named };
  const inCache = cached[browser].filter(([folder]) => !isWhole || !folder.includes("headless")).map(([folder, program]) => fromCache(machine, folder, program)).find((path) => path !== undefined);
  if (inCache !== undefined) return { from: "cache", path: inCache };
  const onPath = programs[browser].filter((program) => !isWhole || !program.includes("headless")).map((program) => findProgram([program], machine.env)).find((path) => path !== undefined);
  if (onPath !== undefined) return { from: "system", path: onPath };
  const brought = browser === "chromium" && !isWhole && isPacked ? packageFolder(embeddedPackage, machine.folders) : undefined;
  return brought === undefined ? undefined : { from: "package", path: brought };
}

function fromCache({ env }: Machine, folder: string, program: RegExp): string | undefined {
  const home = env["HOME"] ?? homedir();
  const cache = env["PLAYWRIGHT_BROWSERS_PATH"] ?? join(home, ...(process.platform === "darwin" ? ["Library", "Caches"] : [".cache"]), "ms-playwright");
  if (!existsSync(cache)) return undefined;
  const number = (entry: string) => Number(entry.slice(folder.length));
  const entries = readdirSync(cache).filter((entry) => entry.startsWith(folder)).sort((a, b) => number(b) - number(a));
  return entries.map((entry) => within(join(cache, entry), program, 5)).find((path) => path !== undefined);
}

function within(folder: string, program: RegExp, depth: number): string | undefined {
  const entries = readdirSync(folder, { withFileTypes: true });
  const own = entries.find((entry) => program.test(entry.name) && isProgram(join(folder, entry.name)));
  if (own) return join(folder, own.name);
  if (depth === 0) return undefined;
  return entries.filter((entry) => entry.isDirectory()).map((entry) => within(join(folder, entry.name), program, depth - 1)).find((path) => path !== undefined);
}
