/** The sample shop as a process of its own, for its tests. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../../../scenarios/shop/server.ts", import.meta.url));

export interface Shop {
  readonly url: string;
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  /** What it printed after its first line. */
  readonly printed: string[];
}

/** Starts it on a free port; the first line it prints says which. */
export async function openShop(env: Readonly<Record<string, string>>): Promise<Shop> {
  const child = spawn(process.execPath, [file], { env: { ...process.env, PORT: "0", ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const printed: string[] = [];
  child.stderr!.setEncoding("utf8").on("data", (text: string) => printed.push(text));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const lines = createInterface({ input: child.stdout! });
  const first = await Promise.race([new Promise<string>((resolve) => lines.once("line", resolve)), ended.then(() => "")]);
  const [url] = /http:\S+\d/.exec(first) ?? [];
  if (!url) throw new Error(`the shop ended: ${printed.join("")}`);
  return { url, child, ended, printed };
}

/** A data folder for the while of a test, and shops that are ended after it. */
export async function withShops(count: number, play: (shops: readonly Shop[], folder: string) => Promise<void>, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), "seatrial-shop-"));
  const folder = mkdtempSync(join(parent, "data-"));
  const shops = await Promise.all(Array.from({ length: count }, () => openShop({ SHOP_DATA: folder, ...env })));
  try {
    await play(shops, folder);
  } finally {
    for (const { child } of shops) child.kill("SIGKILL");
    await Promise.all(shops.map((shop) => shop.ended));
    rmSync(parent, { recursive: true, force: true });
  }
}

export const order = (shop: Shop, item = "rope"): Promise<Response> =>
  fetch(`${shop.url}/orders`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ item }) });

export const idOf = async (answer: Response): Promise<string> => ((await answer.json()) as { id: string }).id;
export const idsIn = async (shop: Shop): Promise<string[]> => ((await (await fetch(`${shop.url}/orders`)).json()) as { ids: string[] }).ids;
