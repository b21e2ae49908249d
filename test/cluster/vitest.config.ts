import base from "../vitest.config.ts";

export default {
  ...base,
  test: {
    ...base.test,
    include: ["test/cluster/**/*.test.ts"],
    // One cluster for all suites, and what one breaks another would notice.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
};
