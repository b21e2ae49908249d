/** The YAML beside this, row by row. */
import { arrivals, journey, scenario, split } from "seatrial";
import { http } from "seatrial/http";

const site = http({ base: process.env["TARGET"]! });

const search = journey({ site }, async ({ site }, user) => {
  // To Artillery a 503 is an answer like any other, counted by its code: so the check counts it, and the visitor goes on.
  const reply = await site.post("/search", { word: "rope" }, { expect: "any" });
  user.check(`status ${reply.status}`, reply.status < 400);
  await user.think("500ms");
  await site.get(`/details/${reply.json<{ id: string }>().id}`, { name: "/details/:id" });
});
const hello = journey({ site }, async ({ site }) => void (await site.get("/hello")));

export default scenario({
  name: "translated from Artillery",
  journeys: { search, hello },
  phases: [
    { name: "warm up", for: "5s", load: split(arrivals("5/s", { to: "20/s" }), { search: 7, hello: 3 }) },
    { name: "sustained", for: "10s", load: split(arrivals("20/s"), { search: 7, hello: 3 }) },
  ],
  budget: { all: { p95: "250ms" }, search: { errors: "10%" } },
});
