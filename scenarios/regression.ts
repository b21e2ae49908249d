/**
 * A QA regression of the shop on every surface, each walked once: the pages in a browser by both
 * engines, the pages on a phone, the app, and the testers' collection as Postman runs it and as load.
 *
 * `--tag web`, `mobile`, `app` or `postman` walks a part of it.
 */
import { fileURLToPath } from "node:url";
import { journey, scenario, times } from "seatrial";
import { mobile } from "seatrial/mobile";
import { postman, type PostmanOptions } from "seatrial/postman";
import { web } from "seatrial/web";
import { orderInApp, orderOnPage, orderOnPhone } from "./flows.ts";
import { harbour } from "./harbour.ts";

const inShop = (file: string) => new URL(`shop/${file}`, import.meta.url);

const playwright = journey({ page: web({ service: "shop" }) }, async ({ page }) => void (await orderOnPage(page)), { tags: ["web"] });
const webdriver = journey({ page: web({ service: "shop", engine: "webdriver" }) }, async ({ page }) => void (await orderOnPage(page)), { tags: ["web"] });

const phone = journey({ phone: mobile({ platform: "emulated", service: "shop", timeout: "10s" }) }, ({ phone }) => orderOnPhone(phone), { tags: ["mobile"] });
const app = journey({ phone: mobile({ platform: "fake", app: fileURLToPath(inShop("app.xml")), timeout: "10s" }) }, ({ phone }, user) => orderInApp(phone, user), { tags: ["app"] });

const settings: PostmanOptions = {
  environment: inShop("local.postman_environment.json"), data: inShop("items.csv"),
  // The environment says where the shop is on a tester's machine; here it is the cluster's.
  service: "shop", serviceVariable: "base", tags: ["postman"],
};
const collection = postman(inShop("shop.postman.json"), { ...settings, mode: "conformance" });
/** The same file, compiled: what passes here once is ready to be load. */
const collectionAsLoad = postman(inShop("shop.postman.json"), { ...settings, iterations: 3 });

const right = { errors: "0%" } as const;

export default scenario({
  name: "shop regression",
  journeys: { playwright, webdriver, phone, app, collection, collectionAsLoad },
  cluster: harbour,
  phases: [
    { name: "in browsers", load: { playwright: times(1), webdriver: times(1) } },
    { name: "on phones", load: { phone: times(1), app: times(1) } },
    // Newman works in the generator's own thread, so nothing else is timed meanwhile.
    { name: "as Postman", load: { collection: times(1) } },
    { name: "as load", load: { collectionAsLoad: times(1) } },
  ],
  budget: { playwright: right, webdriver: right, phone: right, app: right, collection: right, collectionAsLoad: right },
});
