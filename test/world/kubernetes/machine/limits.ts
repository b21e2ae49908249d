import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { underLock } from "./lock.ts";

/** What the kernel allows one user of watched files, over all beds. */
const file = "/proc/sys/fs/inotify/max_user_instances";
const lock = "/run/lock/seatrial-testbed-limits";
const wanted = 8_192;

const noteIn = (folder: string): string => join(folder, ".inotify-instances");

/** Raises what the machine allows where it is too little for several beds, and notes in `folder` what it was. */
export async function raiseLimits(folder: string): Promise<void> {
  await underLock(lock, async () => {
    const now = readFileSync(file, "utf8").trim();
    if (Number(now) >= wanted) return;
    writeFileSync(noteIn(folder), now);
    writeFileSync(file, String(wanted));
  });
}

/** Puts back what it was, when there is no bed any more. */
export async function restoreLimits(folder: string, unused: () => boolean): Promise<void> {
  await underLock(lock, async () => {
    if (!unused() || !existsSync(noteIn(folder))) return;
    writeFileSync(file, readFileSync(noteIn(folder), "utf8"));
    rmSync(noteIn(folder));
  });
}
