/** A parser suite that others wrote: every answer in the tests of Go's net/http, heard as Node hears it or refused. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { read, readByNode } from "../../drivers/http/hearing.ts";
import { describeWith } from "../../needs.ts";
import { isThere, mend } from "./shores.ts";

const root = isThere("go") ? execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim() : "";
const suite = join(root, "src/net/http");

describeWith("the source of Go", root !== "" && existsSync(join(suite, "response_test.go")), mend, "the tests of Go's net/http", () => {
  test("every answer, and every request's headers as an answer's", { timeout: 240_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "seatrial-suite-"));
    let messages: string[];
    try {
      const program = join(folder, "literals");
      execFileSync("go", ["build", "-o", program, fileURLToPath(new URL("literals.go", import.meta.url))], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
      const files = readdirSync(suite).filter((file) => file.endsWith("_test.go")).map((file) => join(suite, file));
      messages = JSON.parse(execFileSync(program, files, { encoding: "utf8" })) as string[];
    } finally {
      rmSync(folder, { recursive: true });
    }
    let [accepted, refused] = [0, 0];
    for (const message of messages) {
      const text = message.startsWith("HTTP/") ? message : message.replace(/^[^\r\n]*/, "HTTP/1.1 200 OK");
      for (const method of ["GET", "HEAD"]) {
        let rest = Buffer.from(text, "latin1");
        while (rest.length > 0) {
          const heard = read([rest], method);
          expect(read([...rest].map((byte) => Buffer.of(byte)), method), JSON.stringify(text)).toEqual(heard);
          if (typeof heard === "string") {
            refused++;
            break;
          }
          accepted++;
          const { used, keepsMs: _, ...answer } = heard;
          expect(await readByNode(rest.subarray(0, used), method), JSON.stringify(text)).toEqual(answer);
          rest = rest.subarray(used);
        }
      }
    }
    // It is a suite, and neither side wins by default.
    expect(accepted).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(30);
  });
});
