import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { items } from "./catalogue.ts";
import { Unavailable, type Orders } from "./orders.ts";
import { frontPage, orderPage, sorryPage } from "./page.ts";

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is HTML, anything else JSON. */
  readonly body: unknown;
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const bodyLimit = 16_384;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= bodyLimit) chunks.push(chunk);
  }
  // Read to the end all the same: a connection closed in the middle would hide this answer.
  if (size > bodyLimit) throw new Refusal(413, `a body has at most ${bodyLimit} bytes`);
  return Buffer.concat(chunks).toString();
}

const isForm = (request: IncomingMessage) => (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
const wantsPage = (request: IncomingMessage) => (request.headers.accept ?? "").includes("text/html");

async function itemOf(request: IncomingMessage): Promise<string> {
  const body = await bodyOf(request);
  let item: unknown;
  try {
    item = isForm(request) ? new URLSearchParams(body).get("item") : (JSON.parse(body) as { item?: unknown } | null)?.item;
  } catch {
    throw new Refusal(400, "the body is not JSON");
  }
  if (!items.some((one) => one.id === item)) throw new Refusal(422, `there is no item ${JSON.stringify(item ?? null)}`);
  return item as string;
}

async function answerTo(request: IncomingMessage, orders: Orders): Promise<Answer> {
  const url = new URL(request.url ?? "/", "http://shop");
  const [room = "", id, more] = url.pathname.slice(1).split("/");
  const route = more !== undefined ? "" : `${request.method} /${room}${id === undefined ? "" : "/:id"}`;
  switch (route) {
    case "GET /":
      return { status: 200, body: frontPage(items) };
    case "GET /items":
      return { status: 200, body: { items } };
    case "GET /items/:id": {
      const item = items.find((one) => one.id === id);
      if (!item) throw new Refusal(404, `there is no item ${JSON.stringify(id)}`);
      return { status: 200, body: item };
    }
    case "POST /orders": {
      const order = { id: randomUUID(), item: await itemOf(request) };
      orders.add(order);
      if (isForm(request)) return { status: 303, headers: { location: `/orders/${order.id}` }, body: "" };
      return { status: 201, headers: { location: `/orders/${order.id}` }, body: order };
    }
    case "GET /orders":
      return { status: 200, body: { ids: orders.ids() } };
    case "GET /orders/:id": {
      const order = orders.find(id!);
      if (!order) throw new Refusal(404, `there is no order ${JSON.stringify(id)}`);
      return { status: 200, body: wantsPage(request) ? orderPage(order) : order };
    }
    case "GET /healthz":
      return { status: 200, body: { alive: true } };
    case "GET /readyz":
      orders.check();
      return { status: 200, body: { ready: true } };
    default:
      throw new Refusal(404, `there is no ${request.method} ${url.pathname}`);
  }
}

/** The answer to a request; mistakes and missing data are answers too. */
export async function route(request: IncomingMessage, orders: Orders): Promise<Answer> {
  try {
    return await answerTo(request, orders);
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof Unavailable)) throw error;
    const status = error instanceof Refusal ? error.status : 503;
    return { status, body: wantsPage(request) ? sorryPage(error.message) : { error: error.message } };
  }
}
