// People who browse with pauses, beside orders that come at a fixed rate.
import http from "k6/http";
import { check, group, sleep } from "k6";

const base = __ENV.TARGET;

export const options = {
  scenarios: {
    browse: { executor: "ramping-vus", exec: "browse", startVUs: 1, stages: [{ duration: "5s", target: 10 }, { duration: "10s", target: 10 }], gracefulStop: "5s" },
    buy: { executor: "constant-arrival-rate", exec: "buy", rate: 10, timeUnit: "1s", duration: "15s", preAllocatedVUs: 20, gracefulStop: "5s" },
  },
  thresholds: { http_req_duration: ["p(95)<500"], checks: ["rate>0.99"] },
};

export function setup() {
  return { token: http.post(`${base}/login`, JSON.stringify({ name: "ann" })).json("token") };
}

export function browse() {
  const reply = http.get(`${base}/items`, { tags: { name: "/items" } });
  check(reply, { "has items": (r) => r.json("items").length > 0 });
  sleep(0.3);
}

export function buy(data) {
  group("buy", () => {
    const headers = { authorization: `Bearer ${data.token}` };
    const order = http.post(`${base}/orders`, JSON.stringify({ item: "rope" }), { headers, tags: { name: "/orders" } });
    http.get(`${base}/orders/${order.json("id")}`, { headers, tags: { name: "/orders/:id" } });
  });
}
