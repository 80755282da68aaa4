import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"

interface Message {
  readonly id?: number
  readonly result?: { readonly result?: { readonly value?: unknown } }
}

/** A process that was started with `--inspect`, seen through its debugger's door. */
export class Inspector {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, (message: Message) => void>()
  #asked = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(String(data)) as Message
      if (message.id !== undefined) this.#waiting.get(message.id)?.(message)
    })
  }

  static async open(port: number): Promise<Inspector> {
    const list = await fetch(`http://127.0.0.1:${port}/json/list`)
    const [target] = (await list.json()) as ReadonlyArray<{ webSocketDebuggerUrl: string }>
    const socket = new WebSocket(target?.webSocketDebuggerUrl ?? "")
    await once(socket, "open")
    return new Inspector(socket)
  }

  /** Bytes on the heap that something holds on to. */
  async heapUsed(): Promise<number> {
    for (let round = 0; round < 3; round += 1) {
      await this.#ask("HeapProfiler.collectGarbage")
      await sleep(200)
    }
    const expression = "process.memoryUsage().heapUsed"
    const { result } = await this.#ask("Runtime.evaluate", { expression })
    const bytes = result?.result?.value
    if (typeof bytes !== "number") throw new Error("the process did not tell its heap")
    return bytes
  }

  close(): void {
    this.#socket.close()
  }

  #ask(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Message> {
    this.#asked += 1
    const id = this.#asked
    return new Promise((resolve) => {
      this.#waiting.set(id, (message) => {
        this.#waiting.delete(id)
        resolve(message)
      })
      this.#socket.send(JSON.stringify({ id, method, params }))
    })
  }
}
