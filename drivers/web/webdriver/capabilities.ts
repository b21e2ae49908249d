import type { Settings } from "../settings.ts";

/** What a session asks of its browser. */
export function capabilitiesOf(settings: Settings, program: string | undefined, downloads: string | undefined): Record<string, unknown> {
  const { browser, headless, args, insecure, protocol, viewport, timeoutMs } = settings;
  const { width, height } = viewport ?? { width: 1_280, height: 720 };
  const common = {
    timeouts: { pageLoad: timeoutMs, script: timeoutMs, implicit: 0 },
    // What a journey waits for is answered by it, everything else is dismissed with a note.
    unhandledPromptBehavior: "ignore",
    acceptInsecureCerts: insecure,
    ...(protocol === "classic" ? { "wdio:enforceWebDriverClassic": true } : { webSocketUrl: true }),
  };
  if (browser === "firefox") {
    const prefs = { "browser.download.folderList": 2, "browser.helperApps.neverAsk.saveToDisk": "application/octet-stream", ...(downloads !== undefined && { "browser.download.dir": downloads }) };
    return {
      ...common, browserName: "firefox",
      "moz:firefoxOptions": { ...(program !== undefined && { binary: program }), args: [...(headless ? ["-headless"] : []), `--width=${width}`, `--height=${height}`, ...args], prefs },
    };
  }
  return {
    ...common, browserName: "chrome",
    "goog:chromeOptions": {
      ...(program !== undefined && { binary: program }),
      args: [...(headless ? ["--headless=new"] : []), "--no-sandbox", "--disable-dev-shm-usage", "--no-first-run", "--disable-search-engine-choice-screen", `--window-size=${width},${height}`, ...args],
      ...(downloads !== undefined && { prefs: { "download.default_directory": downloads, "download.prompt_for_download": false, "profile.default_content_setting_values.automatic_downloads": 1 } }),
    },
  };
}
