/** The eyes of a trial: what a customer sees in a browser, and what the testers' collection says, while others make the load. */
import { between, journey } from "seatrial";
import { postman } from "seatrial/postman";
import { web } from "seatrial/web";
import { orderOnPage } from "./flows.ts";

/** One customer in a browser. Where there is none, a trial goes on without it and says so. */
export const customer = journey({ page: web({ service: "shop", timeout: "5s" }) }, async ({ page }, user) => {
  user.note("order", await orderOnPage(page));
}, { wait: between("500ms", "1s"), tags: ["browser"], optional: true });

/** What the testers' collection says of orders, again and again. */
export const collection = postman(new URL("shop/shop.postman.json", import.meta.url), { folder: "orders", service: "shop", serviceVariable: "base", http: { timeout: "5s" } });
