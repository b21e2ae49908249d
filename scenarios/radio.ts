/** Ships on the radio: connections that stay open, and messages as touches, while a replica is lost. */
import { journey, podLoss, scenario, users } from "seatrial";
import { local } from "seatrial/local";
import { websocket } from "seatrial/websocket";

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

export default scenario({
  name: "radio",
  journeys: { talk },
  cluster: local({
    services: { radio: { command: ["node", "scenarios/radio/server.ts"], replicas: 3, ready: "/readyz" } },
    mayLose: { pods: 1 },
  }),
  phases: [
    { name: "calm", for: "3s", load: { talk: users(10) } },
    {
      name: "lose a replica", load: { talk: users(10) }, hold: "1s",
      fault: podLoss("radio"),
      recover: { by: "platform", within: "10s" },
      budget: { talk: { errors: "40%" } },
    },
  ],
  budget: { talk: { errors: "1%", steps: { "ASK call": { p95: "250ms" } } } },
});
