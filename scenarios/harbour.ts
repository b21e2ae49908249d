import { local } from "seatrial/local";

/** A stand-in cluster on this machine: three nodes, four replicas of the sample shop, its orders backed up on a beat. */
export const harbour = local({
  services: {
    shop: { command: ["node", "scenarios/shop/server.ts"], replicas: 4, live: "/healthz", ready: "/readyz", data: "orders" },
  },
  nodes: 3,
  data: { orders: { backupEvery: "3s" } },
  dataEnv: "SHOP_DATA",
  mayLose: { pods: 2, nodes: 1, data: ["orders"], releases: ["shop"] },
});
