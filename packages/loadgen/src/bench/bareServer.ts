/** `node:http` and nothing else: it answers everything with the same bytes. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { BareAnswer } from "./bareAnswer.ts"

process.on("message", ({ body, headers, status }: BareAnswer) => {
  // As lean as it goes: the headers as a list, and the body as text, so that both are one write.
  const head = [...Object.entries(headers).flat(), "content-length", `${Buffer.byteLength(body)}`]
  const server = createServer((request, response) => {
    const answer = () => {
      response.writeHead(status, head)
      response.end(body)
    }
    if (request.method === "GET") return answer()
    request.on("end", answer).resume()
  })
  server.listen(0, "127.0.0.1", () => {
    process.send?.({ port: (server.address() as AddressInfo).port })
  })
})
// Whoever asks has gone, and with them the reason to be here.
process.on("disconnect", () => process.exit(0))
process.send?.("up")
