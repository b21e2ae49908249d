import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What a caller meets in place of an answer. `cut`: the connection ends, and the call was not made. */
export type Trouble = "cut" | { readonly status: number; readonly body: string };

/** A server between a client and AWS: it knows each call by its name, and stands in the way of those it is told to. */
export interface Gate extends AsyncDisposable {
  readonly endpoint: string;
  /** The calls that came, in their order: `StopInstances`, `POST /experiments`. */
  readonly calls: string[];
  /** Asked before each call, with how many came before it. */
  bar: (call: string, before: number) => Trouble | undefined;
  /** Told after each call that AWS has answered, with what was asked and said, before the caller has it. */
  heard: (call: string, asked: string, answer: string) => Promise<void> | void;
}

const read = async (message: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

export async function gate(endpoint: string): Promise<Gate> {
  const { hostname, port } = new URL(endpoint);
  const calls: string[] = [];
  const server = createServer((incoming, answer) => {
    void read(incoming).then((body) => {
      const call = new URLSearchParams(body.toString()).get("Action") ?? `${incoming.method} ${incoming.url!.replace(/\?.*/, "")}`;
      const trouble = made.bar(call, calls.length);
      calls.push(call);
      if (trouble === "cut") return void incoming.socket.destroy();
      if (trouble) return void answer.writeHead(trouble.status, { "content-type": trouble.body.startsWith("{") ? "application/json" : "text/xml" }).end(trouble.body);
      const forward = request({ hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (reply) => {
        void read(reply).then(async (said) => {
          await made.heard(call, body.toString(), said.toString());
          answer.writeHead(reply.statusCode!, reply.headers).end(said);
        });
      });
      forward.on("error", () => incoming.socket.destroy()).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const made: Gate = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    bar: () => undefined,
    heard: () => undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return made;
}
