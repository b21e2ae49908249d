/** Real servers, each in a process of its own that can be reloaded, restarted and killed. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { clock, until } from "../../cli/seatrial.ts";

/** A kind of server, and how it is had. */
export interface Kind {
  readonly name: string;
  /** The program that must be there, and the command that brings it. */
  readonly program: string;
  readonly mend: string;
  /** So many requests it takes on one connection; undefined for any number. */
  readonly perConnection?: number;
  /** It takes bodies in chunks. */
  readonly hearsChunks: boolean;
  /** The signal that makes it read its settings anew and let go of its old connections; undefined where it knows none. */
  readonly reload?: NodeJS.Signals;
  /** The programs to start with the variables that they get, in that order; it answers when the last one does. */
  readonly crew: (place: Place) => readonly Member[];
}

interface Place {
  readonly folder: string;
  readonly port: number;
  /** For a server behind this one. */
  readonly innerPort: number;
  readonly log: string;
}

interface Member {
  readonly words: readonly [string, ...string[]];
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
}

const own = (file: string) => fileURLToPath(new URL(`servers/${file}`, import.meta.url));
const nodeAt = (port: number, log: string, most = "0"): Member => ({ words: [process.execPath, own("node.ts")], port, env: { PORT: String(port), LOG: log, MOST: most } });

const downMs = 150;

export const mend = "as root: node .ci/servers.mjs";

export const kinds: readonly Kind[] = [
  { name: "Node", program: "node", mend, perConnection: 7, hearsChunks: true, crew: ({ port, log }) => [nodeAt(port, log, "7")] },
  { name: "Go", program: "go", mend, hearsChunks: true, crew: ({ port, log, folder }) => [{ words: [builtGo(folder)], port, env: { PORT: String(port), LOG: log } }] },
  { name: "Python", program: "python3", mend, hearsChunks: false, crew: ({ port, log }) => [{ words: ["python3", own("shore.py")], port, env: { PORT: String(port), LOG: log } }] },
  {
    name: "nginx", program: "nginx", mend, perConnection: 7, hearsChunks: true, reload: "SIGHUP",
    crew: (place) => {
      writeFileSync(join(place.folder, "nginx.conf"), nginxConfiguration(place));
      return [nodeAt(place.innerPort, "/dev/null"), { words: ["nginx", "-c", join(place.folder, "nginx.conf"), "-e", join(place.folder, "error.log")], port: place.port }];
    },
  },
  {
    name: "HAProxy", program: "haproxy", mend, hearsChunks: true, reload: "SIGUSR2",
    crew: (place) => {
      writeFileSync(join(place.folder, "haproxy.cfg"), haproxyConfiguration(place));
      return [nodeAt(place.innerPort, place.log), { words: ["haproxy", "-W", "-q", "-f", join(place.folder, "haproxy.cfg")], port: place.port }];
    },
  },
];

/** A proxy and a server of files at once; what it can't make itself comes from the one behind it. */
const nginxConfiguration = ({ folder, port, innerPort, log }: Place): string => {
  const files = join(folder, "files");
  mkdirSync(files, { recursive: true });
  const piece = "0123456789abcdef".repeat(64);
  writeFileSync(join(files, "large"), piece.repeat(8_192));
  writeFileSync(join(files, "gzip"), piece.repeat(100));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((what) => `${what}_temp_path ${folder}/${what};`).join(" ");
  return `
daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log; worker_shutdown_timeout 5s;
${process.getuid?.() === 0 ? "user root;" : ""}
events { worker_connections 1000; }
http {
  ${temporary}
  log_format id $arg_id;
  access_log ${log} id if=$arg_id;
  default_type text/plain; keepalive_requests 7; client_max_body_size 10m; gzip_types text/plain; gzip_proxied any;
  upstream inner { server 127.0.0.1:${innerPort}; keepalive 8; }
  server {
    listen 127.0.0.1:${port};
    root ${files};
    location = /small { return 200 ok; }
    location = /connection { return 200 $connection; }
    location = /204 { return 204; }
    location = /304 { return 304; }
    location = /redirect { return 302 /small; }
    location = /gzip { gzip on; }
    location = /close { keepalive_timeout 0; return 200 ok; }
    location = /large { }
    location / { proxy_pass http://inner; proxy_http_version 1.1; proxy_set_header connection ""; proxy_buffering off; }
  }
}`;
};

const haproxyConfiguration = ({ port, innerPort }: Place): string => `
global
  hard-stop-after 5s
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend shore
  bind 127.0.0.1:${port}
  default_backend inner
backend inner
  server inner 127.0.0.1:${innerPort}
`;

function builtGo(folder: string): string {
  const program = join(folder, "shore");
  if (!existsSync(program)) execFileSync("go", ["build", "-o", program, own("shore.go")], { cwd: folder, stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, CGO_ENABLED: "0" } });
  return program;
}

export const isThere = (program: string): boolean =>
  (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));

export interface Shore {
  readonly base: string;
  /** The ids of the requests that it took, in the order they came. */
  ids(): string[];
  reload(): void;
  /** Ends it and, when every user has noticed, starts it again at the same port. */
  restart(signal: NodeJS.Signals): Promise<void>;
  end(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const answersAt = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false)).on("close", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });

/** Starts one of that kind, in a folder of its own. */
export async function shoreOf(kind: Kind): Promise<Shore> {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-shore-"));
  const place: Place = { folder, port: await freePort(), innerPort: await freePort(), log: join(folder, "ids") };
  writeFileSync(place.log, "");
  let running: { readonly child: ChildProcess; readonly ended: Promise<void> }[] = [];
  const start = async (members: readonly Member[]): Promise<void> => {
    for (const { words: [program, ...rest], port, env } of members) {
      // A process group of its own: a master that is killed leaves its workers behind.
      const child = spawn(program, rest, { cwd: folder, detached: true, stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, ...env } });
      const ended = new Promise<void>((resolve) => child.once("error", () => resolve()).once("close", () => resolve()));
      running.push({ child, ended });
      await until(`${program} at port ${port}`, async () => child.exitCode !== null || (await answersAt(port)));
    }
  };
  const stop = async (signal: NodeJS.Signals, from: number): Promise<void> => {
    for (const { child, ended } of running.splice(from).reverse()) {
      if (signal !== "SIGKILL") child.kill(signal);
      else
        try {
          process.kill(-child.pid!, "SIGKILL");
        } catch {
          // It has ended already.
        }
      await ended;
    }
  };
  const crew = kind.crew(place);
  await start(crew);
  return {
    base: `http://127.0.0.1:${place.port}`,
    ids: () => readFileSync(place.log, "utf8").split("\n").filter((id) => id !== "" && id !== "-"),
    reload: () => void running.at(-1)!.child.kill(kind.reload!),
    restart: async (signal) => {
      await stop(signal, crew.length - 1);
      await clock.sleep(downMs);
      await start(crew.slice(-1));
    },
    end: async () => {
      await stop("SIGKILL", 0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
