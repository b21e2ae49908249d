import { writeFileSync } from "node:fs";

/** A vitest reporter that writes `{ passed, failed, skipped }` to the file named by SEATRIAL_TALLY. */
export default class Tally {
  onTestRunEnd(modules, unhandled) {
    const counts = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      let failedTests = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (test.diagnostic()?.flaky) console.log(`PASSED ONLY WHEN ASKED AGAIN: ${test.fullName} (${module.relativeModuleId})`);
        if (state === "failed") failedTests += 1;
        else counts[state === "passed" ? "passed" : "skipped"] += 1;
      }
      // A file that can't be loaded, or a hook that failed, has no failed test to count.
      counts.failed += failedTests || (module.state() === "failed" ? 1 : 0);
    }
    writeFileSync(process.env.SEATRIAL_TALLY, JSON.stringify(counts));
  }
}
