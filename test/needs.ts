import { describe, test } from "vitest";

/**
 * `describe` for suites that rest on a real part: a browser, a registry, a cluster. Without the
 * part the suite says so in capitals and counts as skipped; under CI that is a failure.
 *
 * @param part what is missing when `found` is false: "THE NPM REGISTRY"
 * @param mend the command that brings it
 */
export function describeWith(part: string, found: boolean, mend: string, name: string, suite: () => void): void {
  if (found) return void describe(name, suite);
  const lack = `${part.toUpperCase()} IS MISSING: ${name} WAS NOT TESTED (${mend})`;
  console.warn(lack);
  if (process.env["CI"]) {
    test(name, () => {
      throw new Error(lack);
    });
  } else describe.skip(`${name}: ${lack}`, suite);
}
