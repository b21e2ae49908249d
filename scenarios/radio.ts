/** Ships on the radio: connections that stay open, and messages as touches, while a replica is lost. */
import { journey, podLoss, scenario, users } from "seatrial";
import { local } from "seatrial/local";
import { sse } from "seatrial/sse";
import { websocket } from "seatrial/websocket";

const tides = sse({ service: "radio" });
const radio = websocket({ service: "radio", timeout: "5s" });

const talk = journey({ radio }, async ({ radio }, user) => {
  const channel = await radio.connect("/talk");
  for (let call = 0; call < 3; call++) {
    const say = `${user.id} ${user.walk} ${call}`;
    await channel.ask({ call: "Rope", say }, (message) => message.json<{ said: string }>().said === say, { name: "call" });
    await user.think("100ms", "300ms");
  }
  await channel.close();
});

const watch = journey({ tides }, async ({ tides }) => {
  const tide = await tides.open("/tide", { reconnects: 3 });
  await tide.listen("2s", { where: ({ type }) => type === "tide", least: 3 });
  tide.close();
});

const load = { talk: users(10), watch: users(5) };

export default scenario({
  name: "radio",
  journeys: { talk, watch },
  cluster: local({
    services: { radio: { command: ["node", "scenarios/radio/server.ts"], replicas: 3, ready: "/readyz" } },
    mayLose: { pods: 1 },
  }),
  phases: [
    { name: "calm", for: "3s", load },
    {
      name: "lose a replica", load, hold: "1s",
      fault: podLoss("radio"),
      recover: { by: "platform", within: "10s" },
      budget: { talk: { errors: "40%" }, watch: { errors: "10%" } },
    },
  ],
  budget: {
    talk: { errors: "1%", steps: { "ASK call": { p95: "250ms" } } },
    // A tide every 100 ms is what was promised.
    watch: { errors: "1%", steps: { "EVENT /tide": { p95: "200ms" } } },
  },
});
