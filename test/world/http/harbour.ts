/**
 * A server that is made to be killed. By the path: `/kept` is answered, `/half` with half of what it announces,
 * `/held` never. Says to its parent where it listens, then how many requests of each path have come, as they do.
 */
import { createServer } from "node:net";

const answers: Readonly<Record<string, string>> = {
  "/kept": "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
  "/half": "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf",
  "/held": "",
};
const came: Record<string, number> = { "/kept": 0, "/half": 0, "/held": 0 };

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => {}).on("data", (bytes) => {
    const path = bytes.toString("latin1").split(" ")[1]!;
    came[path]! += 1;
    socket.write(answers[path]!);
  });
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 }, () => process.send!({ address: server.address() }));
const telling = setInterval(() => process.send!({ came }), 100);
process.on("disconnect", () => {
  clearInterval(telling);
  process.exit();
});
