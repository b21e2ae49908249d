/**
 * Brings the servers and browsers that the suites try the drivers against, from Debian's packages. Leaves
 * alone what is there already, and a machine that is not Debian's or not its own to change: the
 * suites say themselves what is missing.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const packages = { nginx: "nginx-light", haproxy: "haproxy", go: "golang-go", python3: "python3", chromedriver: "chromium-driver", chromium: "chromium", "chromium-headless-shell": "chromium-headless-shell" };

const has = (program) => (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
const missing = Object.keys(packages).filter((program) => !has(program));

if (missing.length > 0 && has("apt-get") && process.getuid?.() === 0) {
  const wanted = missing.map((program) => packages[program]);
  console.log(`seatrial: installing ${wanted.join(", ")} for the tests (once)…`);
  // Services of packages are not to be started by their installation.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const apt = (...words) => spawnSync("apt-get", [...words, "-qq"], { stdio: ["ignore", "ignore", "inherit"], env }).status === 0;
  if (!apt("update") || !apt("install", "-y", "--no-install-recommends", ...wanted)) console.log("seatrial: they could not be installed");
}

await import("./moto.mjs");
