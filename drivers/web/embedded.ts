import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const unpackWithinMs = 120_000;
const answerWithinMs = 20_000;
const program = "chromium";
/** The package has shared libraries of Amazon's Linux with it, and unpacks them where it takes itself to be there. */
const asOnAmazon = { AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" };
const libraries = "al2023";
const fontConfig = "seatrial-fonts.conf";

/** A browser that was brought packed, and how it wants to be started. */
export interface Embedded {
  readonly path: string;
  readonly args: readonly string[];
  /** What its environment has beside this process's. */
  readonly env: Readonly<Record<string, string>>;
}

/** Among the package's words, those for one page in a small container: a browser that dies with its first page, and that knows no origins. */
const unwanted = /^--(single-process|no-zygote|disable-web-security|allow-running-insecure-content|disable-site-isolation-trials|headless|disable-features|enable-features)\b/;

/**
 * The Chromium that `@sparticuz/chromium` brings, unpacked once a version and machine (it takes seconds).
 * It unpacks in a process of its own into a folder of its own, which is then moved to its place:
 * whoever finds it there finds all of it, however many come at once, or died of it.
 */
export async function unpackEmbedded(packageFolder: string): Promise<Embedded> {
  const { version, exports: doors } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8")) as { version: string; exports: { ".": { default: string } } };
  const module = pathToFileURL(join(packageFolder, doors["."].default)).href;
  const { default: chromium } = (await import(module)) as { default: { readonly args: readonly string[] } };
  const args = chromium.args.filter((arg) => !unwanted.test(arg));
  // Another user's folder is not ours to run a program from.
  const owner = createHash("sha256").update(`${process.getuid?.() ?? ""} ${packageFolder}`).digest("hex").slice(0, 8);
  const place = join(tmpdir(), `seatrial-chromium-${version}-${owner}`);
  const path = join(place, program);
  if (existsSync(path)) return { path, args, env: envIn(place) };
  const folder = await mkdtemp(`${place}-`);
  try {
    const script = `await (await import(${JSON.stringify(module)})).default.executablePath()`;
    await execute(process.execPath, ["--input-type=module", "-e", script], { env: { ...process.env, ...asOnAmazon, TMPDIR: folder, TEMP: folder, TMP: folder, NODE_OPTIONS: "" }, timeout: unpackWithinMs });
    await mkdir(folder, { recursive: true });
    // Libraries that were made for another system are for a machine that has none of its own.
    if (await starts(join(folder, program))) await rm(join(folder, libraries), { recursive: true, force: true });
    if (!existsSync("/etc/fonts/fonts.conf")) await writeFile(join(folder, fontConfig), fontsIn(place));
    await rename(folder, place).catch((error: unknown) => {
      // Somebody else was first.
      if (!existsSync(path)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { path, args, env: envIn(place) };
}

/** A bare machine lacks libraries that even a headless browser wants, and fonts: without them its pictures have no words. */
function envIn(place: string): Embedded["env"] {
  const [own, fonts] = [join(place, libraries, "lib"), join(place, fontConfig)];
  return {
    ...(existsSync(own) && { LD_LIBRARY_PATH: [own, process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(delimiter) }),
    ...(existsSync(fonts) && { FONTCONFIG_FILE: fonts }),
  };
}

const starts = (path: string): Promise<boolean> => execute(path, ["--version"], { timeout: answerWithinMs }).then(() => true, () => false);

const fontsIn = (place: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${place}/fonts</dir>
  <cachedir>${place}/fonts-cache</cachedir>
</fontconfig>
`;
