// What get.ts does, in k6.
import http from "k6/http";
import { check } from "k6";

export const options = { summaryTrendStats: ["p(95)"] };

export default function () {
  const reply = http.get(`${__ENV.BENCH_BASE}/items/rope`);
  check(reply, { "the same item": (one) => one.status === 200 && one.json("id") === "rope" });
}
