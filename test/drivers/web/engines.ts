import { findProgram } from "../../../drivers/flow/programs.ts";
import { findBrowser } from "../../../drivers/web/find.ts";
import { thisMachine } from "../../../drivers/web/launch.ts";
import type { WebOptions } from "../../../drivers/web/settings.ts";
import { describeWith } from "../../needs.ts";

interface EngineBench {
  readonly name: string;
  readonly settings: WebOptions;
}

const hasChromedriver = findProgram(["chromedriver"], process.env) !== undefined && findBrowser("chromium", thisMachine(), true) !== undefined;
const hasFirefox = findProgram(["geckodriver"], process.env) !== undefined && findBrowser("firefox", thisMachine()) !== undefined;

const all: readonly (EngineBench & { readonly part: string; readonly found: boolean; readonly mend: string })[] = [
  { name: "Playwright, Chromium", settings: {}, part: "CHROMIUM", found: true, mend: "" },
  { name: "WebDriver BiDi, Chromium", settings: { engine: "webdriver" }, part: "CHROMEDRIVER", found: hasChromedriver, mend: "apt-get install chromium chromium-driver" },
  { name: "WebDriver classic, Chromium", settings: { engine: "webdriver", protocol: "classic" }, part: "CHROMEDRIVER", found: hasChromedriver, mend: "apt-get install chromium chromium-driver" },
];
const extra: typeof all = [
  { name: "WebDriver BiDi, Firefox", settings: { engine: "webdriver", browser: "firefox" }, part: "GECKODRIVER", found: hasFirefox, mend: "" },
];

/** Runs a suite on every engine; one whose part is missing here says so. Firefox is tried where it is, and missed by nobody. */
export function onEngines(what: string, suite: (bench: EngineBench) => void, wanted: (bench: EngineBench) => boolean = () => true): void {
  for (const bench of [...all, ...extra.filter(({ found }) => found)].filter(wanted)) describeWith(bench.part, bench.found, bench.mend, `${what} on ${bench.name}`, () => suite(bench));
}
