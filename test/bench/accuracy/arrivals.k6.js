import http from "k6/http";

const { BASE, RATE, SECONDS } = __ENV;
export const options = {
  scenarios: {
    visit: { executor: "constant-arrival-rate", rate: Number(RATE), timeUnit: "1s", duration: `${SECONDS}s`, preAllocatedVUs: 100, maxVUs: 5000 },
  },
};

export default function visit() {
  http.get(`${BASE}/`);
}
