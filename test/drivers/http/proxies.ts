/** Real proxies for the tests of the HTTP driver: they listen, resolve and connect as the ones in the world do. */
import { createServer, request as ask, type IncomingMessage } from "node:http";
import { connect, createServer as createRawServer, type AddressInfo, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface ProxyWorld {
  readonly address: string;
  readonly port: number;
  /** What was asked of it, in the order it came. */
  readonly asked: string[];
  open(): number;
}

async function listen(server: Server, scheme: string, asked: string[]): Promise<ProxyWorld> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { address: `${scheme}://127.0.0.1:${port}`, port, asked, open: () => sockets.size };
}

function join(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
  for (const [socket, peer] of [[one, other], [other, one]] as const) socket.on("error", () => peer.destroy()).on("close", () => peer.destroy());
}

/** An HTTP proxy: CONNECT, and requests with a whole address; `hosts` are the names that it alone knows. */
export function serveHttpProxy({ login, hosts = {} }: { login?: string; hosts?: Record<string, string> } = {}): Promise<ProxyWorld> {
  const asked: string[] = [];
  const knows = ({ headers }: IncomingMessage) => login === undefined || headers["proxy-authorization"] === `Basic ${Buffer.from(login).toString("base64")}`;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!knows(request)) return void response.writeHead(407, { "proxy-authenticate": "Basic" }).end("who are you?");
    const { hostname, port, pathname, search } = new URL(request.url!);
    const { "proxy-authorization": _login, ...headers } = request.headers;
    const onward = ask({ host: hosts[hostname] ?? hostname, port, path: pathname + search, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end("nobody there"));
    request.pipe(onward);
  });
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    if (!knows(request)) return void client.end("HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n");
    const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(request.url!)!;
    const onward = connect(Number(port), hosts[host!] ?? host!);
    onward.on("error", () => client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    onward.on("connect", () => {
      client.write("HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n");
      join(client, onward);
    });
  });
  return listen(server, "http", asked);
}

/** Reads so many bytes at a time. */
function reader(socket: Socket): (length: number) => Promise<Buffer> {
  let [heard, wake] = [Buffer.alloc(0), () => {}];
  const hear = (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    wake();
  };
  socket.on("data", hear);
  return async (length) => {
    while (heard.length < length) await new Promise<void>((resolve) => (wake = resolve));
    const bytes = heard.subarray(0, length);
    heard = heard.subarray(length);
    return bytes;
  };
}

/** A SOCKS 5 proxy. It says every answer a byte at a time; nobody may take two of them for one message. */
export function serveSocks({ login, hosts = {} }: { login?: string; hosts?: Record<string, string> } = {}): Promise<ProxyWorld> {
  const asked: string[] = [];
  const server = createRawServer(async (socket) => {
    const read = reader(socket);
    const say = async (...bytes: number[]) => {
      for (const byte of bytes) {
        socket.write(Buffer.from([byte]));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const [version, count] = await read(2);
    const methods = [...(await read(count!))];
    const method = login === undefined ? 0 : 2;
    if (version !== 5 || !methods.includes(method)) return void say(5, 255).then(() => socket.end());
    await say(5, method);
    if (method === 2) {
      const user = (await read((await read(2))[1]!)).toString();
      const password = (await read((await read(1))[0]!)).toString();
      await say(1, `${user}:${password}` === login ? 0 : 1);
      if (`${user}:${password}` !== login) return void socket.end();
    }
    const kind = (await read(4))[3];
    const bytes = await read(kind === 1 ? 4 : kind === 4 ? 16 : (await read(1))[0]!);
    const host = kind === 3 ? bytes.toString() : kind === 1 ? [...bytes].join(".") : bytes.toString("hex").replace(/(.{4})(?!$)/g, "$1:");
    const port = (await read(2)).readUInt16BE();
    asked.push(`${kind === 3 ? "name" : "address"} ${host}:${port}`);
    const onward = connect(port, hosts[host] ?? host);
    onward.on("error", () => void say(5, 5, 0, 1, 0, 0, 0, 0, 0, 0).then(() => socket.end()));
    onward.on("connect", async () => {
      await say(5, 0, 0, 3, 4, ...Buffer.from("here"), 1, 2);
      socket.removeAllListeners("data");
      join(socket, onward);
    });
  });
  return listen(server, "socks5", asked);
}
