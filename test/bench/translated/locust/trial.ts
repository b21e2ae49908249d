/** The locustfile beside this, row by row. */
import { between, journey, scenario, users } from "seatrial";
import { http } from "seatrial/http";

const site = http({ base: process.env["TARGET"]! });

const visitor = journey({ site }, async ({ site }, user) => {
  const greet = async () => {
    await site.get("/hello");
    await site.get("/world");
  };
  const look = async () => {
    for (let number = 0; number < 5; number++) {
      await site.get("/item", { params: { number } });
      await user.think("200ms");
    }
  };
  await { greet, look }[user.pick({ greet: 1, look: 3 })]();
}, {
  wait: between("500ms", "1500ms"),
  start: async ({ site }) => void (await site.post("/login", { name: "ann", word: "a" })),
});

export default scenario({
  name: "translated from Locust",
  journeys: { visitor },
  phases: [{ name: "crowd", for: "15s", load: { visitor: users(20, { spawn: "10/s" }) } }],
  grace: "5s",
  budget: { visitor: { errors: "0%" } },
});
