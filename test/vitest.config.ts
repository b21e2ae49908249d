import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export default defineConfig({
  root: here(""),
  resolve: {
    alias: [
      { find: /^seatrial$/, replacement: here("src/index.ts") },
      { find: /^seatrial\/reports$/, replacement: here("reports/index.ts") },
      { find: /^seatrial\/(\w+)$/, replacement: `${here("drivers/")}$1/index.ts` },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    // Real processes and servers take real time; anything longer than this hangs.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A machine that others use, too, is late now and then. What passes only when asked again is said by name at the end.
    retry: process.env["CI"] ? 1 : 0,
  },
});
