import { createHash } from "node:crypto";
import { tar, type Entry } from "./tar.ts";

export interface Image {
  /** With its version: "seatrial.test/service:v1". */
  readonly name: string;
  readonly files: readonly Entry[];
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/**
 * Images as one archive that `ctr images import` takes, without a builder: a layer an image, kept once
 * where several have the same files. The same bytes for the same images.
 */
export function imagesTar(images: readonly Image[]): Buffer {
  const layers = new Map<readonly Entry[], { readonly path: string; readonly content: Buffer }>();
  const configs = new Map<string, Buffer>();
  const manifest = images.map((image) => {
    const layer = layers.get(image.files) ?? layerOf(image.files);
    layers.set(image.files, layer);
    const config = Buffer.from(JSON.stringify(configOf(image, sha256(layer.content))));
    const path = `${sha256(config)}.json`;
    configs.set(path, config);
    return { Config: path, RepoTags: [image.name], Layers: [layer.path] };
  });
  return tar([
    ...[...configs].map(([path, content]) => ({ path, content })),
    ...new Map([...layers.values()].map((layer) => [layer.path, layer])).values(),
    { path: "manifest.json", content: Buffer.from(JSON.stringify(manifest)) },
  ]);
}

const layerOf = (files: readonly Entry[]): { readonly path: string; readonly content: Buffer } => {
  const content = tar(files);
  return { path: `${sha256(content)}/layer.tar`, content };
};

const configOf = (image: Image, layer: string): unknown => ({
  architecture: process.arch === "arm64" ? "arm64" : "amd64",
  os: "linux",
  created: "1970-01-01T00:00:00Z",
  config: { Entrypoint: image.command, Env: ["PATH=/bin", ...Object.entries(image.env ?? {}).map(([name, value]) => `${name}=${value}`)], WorkingDir: "/" },
  rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
  history: [{ created: "1970-01-01T00:00:00Z" }],
});
