/** The real thing: nginx with ALPN, which ends a connection after so many requests by saying so. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { http, type HttpSettings } from "../../../drivers/http/index.ts";
import { peer } from "../../bench/peers.ts";
import { until, userContext } from "../../contract/driver.ts";
import { describeWith } from "../../needs.ts";
import { certificatesFor } from "./worlds.ts";

const nginx = await peer("nginx").then(({ command }) => command[0], () => undefined);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** An nginx of its own, ended with the test; it answers every path with `oar` and takes 50 requests a connection. */
async function serveNginx(protocols: string): Promise<{ base: string; ca: string }> {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-nginx-"));
  const { ca, cert, key } = certificatesFor("127.0.0.1", "IP:127.0.0.1");
  writeFileSync(join(folder, "cert.pem"), cert);
  writeFileSync(join(folder, "key.pem"), key);
  const port = await freePort();
  writeFileSync(join(folder, "nginx.conf"), `
    daemon off; master_process off; pid ${folder}/pid; error_log stderr error;
    events {}
    http {
      access_log off; keepalive_requests 50;
      client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c; uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
      server {
        listen 127.0.0.1:${port} ssl ${protocols};
        ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
        location / { default_type text/plain; return 200 "oar $server_protocol"; }
      }
    }`);
  const child = spawn(nginx!, ["-c", join(folder, "nginx.conf"), "-p", folder, "-e", "stderr"], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("close", resolve));
  onTestFinished(async () => {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true });
  });
  return { base: `https://127.0.0.1:${port}`, ca };
}

async function ask(settings: HttpSettings, times: number, atOnce: number) {
  const said: string[] = [];
  const { context, ops } = userContext({ say: (line) => void said.push(line) });
  const driver = http(settings);
  const session = await driver.open(context);
  onTestFinished(() => driver.close(session));
  let answers = 0;
  await until("nginx", () => {
    void session.get("/").then(() => answers++, () => undefined);
    return answers > 0;
  });
  const failedBefore = ops.filter(({ outcome }) => outcome !== "ok").length;
  const seen = new Set<string>();
  let left = times;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (left-- > 0) {
      const reply = await session.post("/items", { n: left });
      seen.add(`${reply.version} ${reply.text()}`);
    }
  }));
  return { seen: [...seen], said: [...new Set(said)], failed: ops.filter(({ outcome }) => outcome !== "ok").length - failedBefore };
}

describeWith("nginx", nginx !== undefined, "apt-get install nginx-light", "nginx with ALPN", () => {
  test.each([
    ["auto", "http2", "2 oar HTTP/2.0", "HTTP/2"], ["h2", "http2", "2 oar HTTP/2.0", "HTTP/2"],
    ["wire", "http2", "1.1 oar HTTP/1.1", undefined], ["auto", "", "1.1 oar HTTP/1.1", "HTTP/1.1"],
  ] as const)("engine %s against listen ssl %s: %s, and not one of 1,000 writes is lost as connections end", async (engine, protocols, seen, said) => {
    const { base, ca } = await serveNginx(protocols);
    const got = await ask({ base, engine, tls: { ca } }, 1_000, 8);
    expect(got).toEqual({ seen: [seen], said: said ? [`${base} speaks ${said}`] : [], failed: 0 });
  });
});
