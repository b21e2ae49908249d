import { between, everyNoted, journey } from "seatrial";
import { http } from "seatrial/http";

/** The shop of the cluster that the trial sails on, wherever that is. */
export const shop = http({ service: "shop", timeout: "5s" });

interface Item {
  readonly id: string;
}

/** A visitor who looks around. */
export const browse = journey({ shop }, async ({ shop }, user) => {
  await shop.get("/items");
  await user.think("100ms", "400ms");
  const id = user.pick(["oar", "rope", "lamp"]);
  const page = await shop.get(`/items/${id}`, { name: "/items/:item" });
  user.check("it is the item that was asked for", page.json<Item>().id === id);
}, { wait: between("200ms", "600ms"), tags: ["smoke"] });

/** A customer: what the shop acknowledged is noted, and must survive whatever comes. */
export const buy = journey({ shop }, async ({ shop }, user) => {
  const order = (await shop.post("/orders", { item: user.pick(["oar", "rope", "lamp"]) })).json<{ id: string }>();
  user.note("order", order.id);
  await user.think("50ms", "150ms");
  await shop.get(`/orders/${order.id}`, { name: "/orders/:order" });
});

/** Every acknowledged order is found again, but for those of the last seconds before the loss. */
export const ordersSurvive = everyNoted("order", {
  drivers: { shop },
  find: async ({ shop }, id) => (await shop.get(`/orders/${id}`, { expect: [200, 404] })).status === 200,
  losing: "6s",
});
