import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { peer } from "../peers.ts";

/** An nginx that answers a small JSON to everything; `/cookie` with a cookie. */
export interface Target {
  readonly base: string;
  readonly secure: string;
  /** Path of the certificate to trust. */
  readonly ca: string;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const configuration = (folder: string, port: number, securePort: number): string => `
worker_processes 1; daemon off; master_process off; error_log ${folder}/error.log; pid ${folder}/pid;
events { worker_connections 12000; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  default_type application/json;
  server {
    listen 127.0.0.1:${port};
    listen 127.0.0.1:${securePort} ssl;
    ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
    location /cookie { add_header set-cookie "sid=4711; Path=/; HttpOnly"; return 200 '{"id":"rope"}'; }
    location / { return 200 '{"id":"rope"}'; }
  }
}`;

/** Lends a target, pinned to the first core, and takes it away again. */
export async function withTarget<T>(use: (target: Target) => Promise<T>): Promise<T> {
  const { command: [nginx] } = await peer("nginx");
  const folder = mkdtempSync(join(tmpdir(), "seatrial-bench-"));
  const [port, securePort] = [await freePort(), await freePort()];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")], { stdio: "pipe" });
  writeFileSync(join(folder, "nginx.conf"), configuration(folder, port, securePort));
  const words = [nginx, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")];
  const [program, ...rest] = availableParallelism() > 1 ? ["taskset", "-c", "0", ...words] : words;
  const server = spawn(program!, rest, { stdio: ["ignore", "ignore", "inherit"] });
  const gone = new Promise<void>((resolve, reject) => server.once("error", reject).once("close", () => resolve()));
  const base = `http://127.0.0.1:${port}`;
  try {
    await answers(base, gone);
    return await use({ base, secure: `https://localhost:${securePort}`, ca: join(folder, "cert.pem") });
  } finally {
    server.kill("SIGKILL");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function answers(base: string, gone: Promise<void>): Promise<void> {
  const died = gone.then(() => Promise.reject(new Error("the target died as it started")));
  for (let tries = 0; ; tries++) {
    try {
      return void (await Promise.race([fetch(base), died]));
    } catch (error) {
      if (tries === 100 || (error as Error).message.startsWith("the target")) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
