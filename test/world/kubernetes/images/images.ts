import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../build/builder.ts";
import { run } from "../machine/command.ts";
import { underLock } from "../machine/lock.ts";
import { pauseImage } from "../node/config.ts";
import { imagesTar, type Image } from "./image.ts";
import type { Entry } from "./tar.ts";

const source = fileURLToPath(new URL("service/main.go", import.meta.url));
const busybox = "/usr/bin/busybox";

/** Programs of busybox that tests and faults run in a container. */
const applets = ["sh", "cat", "cp", "df", "dd", "echo", "env", "find", "grep", "hostname", "id", "ip", "kill", "ls", "mkdir", "mount", "mv", "nc", "nsenter", "nslookup", "ps", "rm", "sed", "sleep", "sync", "tail", "tar", "test", "timeout", "touch", "umount", "wc", "wget"];

/** The versions of the test service, each with what its environment makes of it. */
const versions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  v1: {},
  v2: {},
  v3: {},
  bad: { FAIL: "1" },
  slow: { SLOW_MS: "2000" },
  crash: { EXIT_MS: "300" },
};

function images(service: Uint8Array): readonly Image[] {
  const files: readonly Entry[] = [
    ...["bin/", "etc/", "tmp/", "data/"].map((path) => ({ path, ...(path === "tmp/" || path === "data/" ? { mode: 0o1777 } : {}) })),
    { path: "etc/passwd", content: Buffer.from("root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n") },
    { path: "service", content: service, mode: 0o755 },
    { path: "bin/busybox", content: readFileSync(busybox), mode: 0o755 },
    ...applets.map((name) => ({ path: `bin/${name}`, link: "busybox" })),
  ];
  return [
    { name: pauseImage, files: [{ path: "pause", content: service, mode: 0o755 }], command: ["/pause", "pause"] },
    { name: "seatrial.test/busybox:1", files, command: ["/bin/sh"] },
    ...Object.entries(versions).map(([version, env]) => ({ name: `seatrial.test/service:${version}`, files, command: ["/service"], env: { VERSION: version, ...env } })),
  ];
}

/** The archive of all images that a node begins with; made once for its sources, kept in the cache. */
export async function imagesFile(): Promise<string> {
  const recipe = ["service/main.go", "images.ts", "image.ts", "tar.ts"].map((file) => readFileSync(fileURLToPath(new URL(file, import.meta.url))));
  const hash = createHash("sha256").update(Buffer.concat([...recipe, readFileSync(busybox)])).digest("hex").slice(0, 10);
  const folder = join(cacheFolder(), `images-${hash}`);
  const file = join(folder, "images.tar");
  if (existsSync(file)) return file;
  return underLock(join(cacheFolder(), "images.lock"), async () => {
    if (existsSync(file)) return file;
    const work = mkdtempSync(join(cacheFolder(), "images-new-"));
    try {
      const env = { CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "-buildvcs=false", GOWORK: "off", GO111MODULE: "off", GOCACHE: join(cacheFolder(), "go") };
      await run(["go", "build", "-trimpath", "-ldflags", "-s -w", "-o", join(work, "service"), source], { env, limitMs: 10 * 60_000 });
      mkdirSync(join(work, "out"));
      writeFileSync(join(work, "out", "images.tar"), imagesTar(images(readFileSync(join(work, "service")))));
      renameSync(join(work, "out"), folder);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    return file;
  });
}
