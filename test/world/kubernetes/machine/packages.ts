import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./command.ts";
import { underLock } from "./lock.ts";

/** The files that must be there, each with the Debian package that brings it. */
const packages: Readonly<Record<string, string>> = {
  "/usr/bin/containerd": "containerd",
  "/usr/sbin/runc": "runc",
  "/usr/lib/cni/ptp": "containernetworking-plugins",
  "/usr/sbin/ip": "iproute2",
  "/usr/sbin/nft": "nftables",
  "/usr/sbin/iptables": "iptables",
  "/usr/sbin/conntrack": "conntrack",
  "/usr/bin/nsenter": "util-linux",
  "/usr/bin/curl": "curl",
  "/usr/bin/gcc": "gcc",
  "/usr/include/stdlib.h": "libc6-dev",
  "/usr/bin/busybox": "busybox-static",
};

const has = (program: string): boolean => (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));

/** Why no bed can be had on this machine, whatever is installed; undefined when one can. */
export function machineLack(): string | undefined {
  if (process.platform !== "linux") return "Linux";
  if (process.getuid?.() !== 0) return "root";
  if (!has("go")) return "Go 1.26 or later on PATH";
  return undefined;
}

/** Installs the Debian packages that are missing; no service of theirs is started. */
export async function installPackages(say: (line: string) => void): Promise<void> {
  const missing = () => Object.keys(packages).filter((file) => !existsSync(file)).map((file) => packages[file]!);
  if (missing().length === 0) return;
  await underLock("/run/lock/seatrial-testbed-packages", async () => {
    const wanted = missing();
    if (wanted.length === 0) return;
    if (!has("apt-get")) throw new Error(`the test bed needs ${wanted.join(", ")}, and there is no apt-get to install them`);
    say(`installing ${wanted.join(", ")} (once)…`);
    const setting = { env: { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" }, limitMs: 10 * 60_000 };
    await run(["apt-get", "update", "-qq"], setting);
    await run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", ...wanted], setting);
  });
}
