/** Answers every request at once, with as little work as can be, so that the client is what is measured. Prints its port; ends with its input. */
import { createServer, type AddressInfo } from "node:net";

const body = JSON.stringify({ id: 17, name: "rope", price: 42 });
const answer = Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
const lastByte = 0x0a;

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  // One request at a time comes on each connection, and none has a body: it is whole when it ends with a line break.
  socket.on("data", (bytes) => void (bytes[bytes.length - 1] === lastByte && socket.write(answer)));
}).listen(0, "127.0.0.1", 16_384, () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.on("end", () => process.exit(0)).resume();
