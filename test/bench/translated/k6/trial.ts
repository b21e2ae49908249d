/** The script beside this, row by row. */
import { arrivals, journey, scenario, setup, users } from "seatrial";
import { http } from "seatrial/http";

const site = http({ base: process.env["TARGET"]! });
const login = setup({ site }, async ({ site }) => ({ token: (await site.post("/login", { name: "ann" })).json<{ token: string }>().token }));

const browse = journey({ site }, async ({ site }, user) => {
  const reply = await site.get("/items");
  user.check("has items", reply.json<{ items: string[] }>().items.length > 0);
  await user.think("300ms");
});

const buy = journey({ site }, ({ site }, user) => user.step("buy", async () => {
  site.header("authorization", `Bearer ${user.given(login).token}`);
  const order = (await site.post("/orders", { item: "rope" })).json<{ id: string }>();
  await site.get(`/orders/${order.id}`, { name: "/orders/:id" });
}));

export default scenario({
  name: "translated from k6",
  journeys: { browse, buy },
  setup: login,
  phases: [
    { name: "up", for: "5s", load: { browse: users(1, { to: 10 }), buy: arrivals("10/s", { most: 20 }) } },
    { name: "steady", for: "10s", load: { browse: users(10), buy: arrivals("10/s", { most: 20 }) } },
  ],
  grace: "5s",
  budget: { all: { p95: "500ms", errors: "1%" } },
});
