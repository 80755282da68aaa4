import type { IncomingMessage } from "node:http"

/**
 * Reads a body of a known length and puts it back, so that whoever answers the request may read it
 * again. A body that never comes to its end is the server's business, which cuts such senders off.
 */
export const readAndPutBack = (
  request: IncomingMessage,
  length: number,
  then: (body: Buffer) => void
): void => {
  const chunks: Array<Buffer> = []
  let arrived = 0
  const read = () => {
    for (let chunk = request.read(); chunk !== null; chunk = request.read()) {
      chunks.push(chunk)
      arrived += chunk.length
    }
    return arrived >= length
  }
  const finish = () => {
    const [first] = chunks
    const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
    // In the same turn as it was read: the stream has not noticed yet that it was empty.
    request.unshift(body)
    then(body)
  }
  const onReadable = () => {
    if (!read()) return
    request.off("readable", onReadable)
    finish()
  }
  // Nearly every body came in one piece with its headers, and is there in the next turn.
  process.nextTick(() => {
    if (read()) finish()
    else request.on("readable", onReadable)
  })
}
