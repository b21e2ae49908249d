/**
 * node .ci/moto.mjs
 *
 * Brings moto, a server that answers as EC2, Auto Scaling, FIS and IAM do, into a Python environment of its own
 * outside of the checkout (`SEATRIAL_MOTO`, otherwise under ~/.cache), by its version. Once; several at a time
 * do not disturb each other.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const { version, packages } = JSON.parse(readFileSync(new URL("moto.json", import.meta.url), "utf8"));
const cache = process.env.SEATRIAL_MOTO ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "seatrial-moto");
const folder = join(cache, version);

if (!existsSync(folder)) {
  console.log(`seatrial: installing moto ${version} for the tests (once)…`);
  const making = `${folder}.${process.pid}`;
  const run = (...words) => spawnSync("nice", ["-n", "10", ...words], { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
  const venv = () => run("python3", "-m", "venv", making);
  mkdirSync(dirname(making), { recursive: true });
  // Debian keeps half of venv in a package of its own.
  const isMade = venv() || (process.getuid?.() === 0 && run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "python3-venv") && venv());
  if (isMade && run(join(making, "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir", ...packages)) {
    try {
      // Whole from the moment that it has its name; it is run as a module, for scripts of an environment know their old place.
      renameSync(making, folder);
    } catch (error) {
      if (!existsSync(folder)) throw error;
    }
  } else console.log("seatrial: moto could not be installed");
  rmSync(making, { recursive: true, force: true });
}
