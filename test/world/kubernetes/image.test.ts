import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { imagesTar, type Image } from "./images/image.ts";
import { tar, type Entry } from "./images/tar.ts";

const files: readonly Entry[] = [
  { path: "data/", mode: 0o1777 },
  { path: "service", content: Buffer.alloc(1_000, "x"), mode: 0o755 },
  { path: "sh", link: "service" },
  { path: "empty" },
];
const image = (name: string, env = {}): Image => ({ name, files, command: ["/service"], env });

describe("images", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "seatrial-image-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const unpacked = (archive: Uint8Array, into: string) => {
    writeFileSync(`${into}.tar`, archive);
    const said = spawnSync("tar", ["-xpf", `${into}.tar`, "-C", into], { encoding: "utf8" });
    expect(said).toMatchObject({ status: 0, stderr: "" });
  };

  test("tar unpacks what was packed", () => {
    const into = mkdtempSync(join(folder, "a-"));
    unpacked(tar(files), into);
    expect(readdirSync(into).sort()).toEqual(["data", "empty", "service", "sh"]);
    expect(readFileSync(join(into, "service"), "utf8")).toBe("x".repeat(1_000));
    expect(statSync(join(into, "service")).mode & 0o777).toBe(0o755);
    expect(statSync(join(into, "data")).mode & 0o7777).toBe(0o1777);
    expect(readlinkSync(join(into, "sh"))).toBe("service");
    expect(statSync(join(into, "empty")).size).toBe(0);
  });

  test("a name that is too long is refused", () => expect(() => tar([{ path: "x".repeat(101) }])).toThrow(/too long/));

  test("images of the same files share a layer, and say what theirs is", () => {
    const into = mkdtempSync(join(folder, "b-"));
    unpacked(imagesTar([image("a:1", { VERSION: "v1" }), image("a:2", { VERSION: "v2" })]), into);
    const manifest = JSON.parse(readFileSync(join(into, "manifest.json"), "utf8"));
    expect(manifest.map((one: { RepoTags: string[] }) => one.RepoTags)).toEqual([["a:1"], ["a:2"]]);
    expect(manifest[0].Layers).toEqual(manifest[1].Layers);
    for (const [index, one] of manifest.entries()) {
      const text = readFileSync(join(into, one.Config));
      const config = JSON.parse(text.toString());
      expect(one.Config).toBe(`${createHash("sha256").update(text).digest("hex")}.json`);
      expect(config.config).toMatchObject({ Entrypoint: ["/service"], Env: ["PATH=/bin", `VERSION=v${index + 1}`] });
      expect(config.rootfs.diff_ids).toEqual([`sha256:${createHash("sha256").update(readFileSync(join(into, one.Layers[0]))).digest("hex")}`]);
    }
  });

  test("the same images are the same bytes", () => expect(imagesTar([image("a:1")]).equals(imagesTar([image("a:1")]))).toBe(true));
});
