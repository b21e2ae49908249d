/** How a customer orders, on each surface. */
import type { User } from "seatrial";
import type { MobileSession } from "seatrial/mobile";
import type { WebSession } from "seatrial/web";

/** By what stands on the page. Answers the order's number. */
export async function orderOnPage(shop: WebSession): Promise<string> {
  await shop.goto("/");
  await shop.label("Item").select("rope");
  await shop.role("button", "Order").click();
  await shop.role("status").expect({ text: "is placed: rope" });
  const order = await shop.css("[data-order]").read({ name: "the order's number" });
  await shop.role("link", "Back to the shop").click();
  await shop.expect({ url: "/" });
  return order;
}

/** The same pages, with a finger. */
export async function orderOnPhone(shop: MobileSession): Promise<void> {
  await shop.goto("/");
  await shop.css("option[value=rope]").tap({ name: "rope" });
  await shop.css("button[type=submit]").tap({ name: "Order" });
  await shop.css("[role=status]").expect({ text: "is placed: rope" }, { name: "status" });
  await shop.text("Back to the shop").tap();
  await shop.css("h1").expect({ text: "Chandler's shop" });
}

export async function orderInApp(shop: MobileSession, user: User): Promise<void> {
  await shop.text("Hemp rope, 20 m").tap();
  await shop.id("name").fill("ada");
  await shop.label("Order").tap();
  user.must("the order is placed", (await shop.dialog("accept")).includes("is placed: rope"));
}
