// Loaded before handles are counted: it opens this process's own standard error.
import "webdriverio";
import { web, type WebSession, type WebSettings } from "../../../drivers/web/index.ts";
import { driverContract } from "../../contract/driver.ts";
import { onEngines } from "./engines.ts";
import { world } from "./world.ts";

onEngines("web", ({ name, settings }) => {
  driverContract<WebSession>(`web on ${name}`, async () => {
    const { base, seen, stop } = await world();
    return {
      driver: web({ base, timeout: "20s", ...settings } as WebSettings), seen, stop,
      touchOk: (page) => page.goto("/"),
      touchRefused: (page) => page.goto("/fails"),
      touchHang: (page) => page.goto("/hang"),
      signIn: (page) => page.goto("/sign-in"),
      isSignedIn: (page) => page.goto("/who").then(() => true, () => false),
    };
  });
}, ({ settings }) => settings.protocol !== "classic");
