import type { IncomingMessage } from "node:http";
import type { WebSocket as Socket } from "ws";
import type { Clock } from "../../../src/units/clock.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Call } from "./api.ts";
import type { Connection } from "./connection.ts";
import { callText, noAnswer, refusal, type Status } from "./failure.ts";
import { pathOf, pods } from "./resources.ts";

/** The first byte of a message says which stream it is of. */
const streams = { input: 0, out: 1, err: 2, status: 3, close: 255 } as const;
/** The one that can say that the input has ended; servers have it since 1.30. */
const protocol = "v5.channel.k8s.io";
const patienceMs = 60_000;
const mostBytes = 10_000_000;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** An upgrade that the server answered as any other call. */
class NotUpgraded extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`status ${status}`);
    this.status = status;
    this.body = body;
  }
}

/**
 * Runs a program in a container and answers when it has ended, or after 60 s with SEA_KUBE_TIMEOUT.
 *
 * @throws what calls throw; SEA_KUBE_REFUSED when the program could not be started
 */
export async function exec(connection: Connection, clock: Clock, pod: string, namespace: string, command: readonly string[], { container, input }: { readonly container?: string; readonly input?: string }): Promise<Ran> {
  const call: Call = { verb: "create", group: "", resource: "pods", subresource: "exec", namespace, name: pod };
  const query: [string, string][] = [...command.map((word): [string, string] => ["command", word]), ["stdout", "true"], ["stderr", "true"]];
  if (container !== undefined) query.push(["container", container]);
  if (input !== undefined) query.push(["stdin", "true"]);
  const once = async () => {
    const { url, options } = await connection.socket(pathOf(pods, namespace, pod, "exec"), query);
    const { WebSocket } = await import("ws");
    const socket = new WebSocket(url, [protocol], { ...options, perMessageDeflate: false });
    const late = new AbortController();
    clock.sleep(patienceMs, late.signal).then(() => {
      socket.emit("error", problem("SEA_KUBE_TIMEOUT", { call: callText(call), context: connection.known.context, server: connection.known.server.server, after: `${patienceMs / 1_000} s` }));
      socket.terminate();
    }, () => undefined);
    try {
      return await converse(socket, input);
    } finally {
      late.abort();
      socket.terminate();
    }
  };
  const ended = await once().catch(async (error: unknown) => {
    if (!(error instanceof NotUpgraded) || error.status !== 401) throw error;
    await connection.renew();
    return once();
  }).catch((error: Error & { code?: string }) => {
    if (error instanceof NotUpgraded) throw refusal(connection.known, call, error.status, error.body);
    throw error.code?.startsWith("SEA_") ? error : noAnswer(connection.known, error);
  });
  const code = exitCodeOf(ended.status);
  if (code === undefined) throw refusal(connection.known, call, ended.status.code ?? 500, JSON.stringify(ended.status));
  return { code, out: ended.out, err: ended.err };
}

function converse(socket: Socket, input: string | undefined): Promise<{ status: Status; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const parts = { [streams.out]: [] as Buffer[], [streams.err]: [] as Buffer[] };
    let bytes = 0;
    const textOf = (stream: 1 | 2) => Buffer.concat(parts[stream]).toString("utf8");
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the connection ended before the program")));
    socket.on("unexpected-response", (_, response: IncomingMessage) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text)).on("end", () => reject(new NotUpgraded(response.statusCode ?? 0, body)));
    });
    socket.on("open", () => {
      if (input === undefined) return;
      socket.send(Buffer.concat([Buffer.from([streams.input]), Buffer.from(input)]));
      socket.send(Buffer.from([streams.close, streams.input]));
    });
    socket.on("message", (data: Buffer) => {
      const stream = data[0];
      const rest = data.subarray(1);
      if (stream === streams.out || stream === streams.err) {
        bytes += rest.length;
        if (bytes <= mostBytes) parts[stream].push(rest);
      } else if (stream === streams.status) resolve({ status: JSON.parse(rest.toString("utf8")) as Status, out: textOf(streams.out), err: textOf(streams.err) });
    });
  });
}

/** Undefined: the program did not run. */
function exitCodeOf(status: Status & { readonly status?: string }): number | undefined {
  if (status.status === "Success") return 0;
  const code = status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  return status.reason === "NonZeroExitCode" && code !== undefined ? Number(code) : undefined;
}
