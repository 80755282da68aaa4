/** The few messages of the wire protocol that we compose ourselves instead of Postgres. */

const message = (type: string, ...fields: ReadonlyArray<Buffer>): Buffer => {
  const body = Buffer.concat(fields)
  const head = Buffer.alloc(5)
  head.write(type, 0, "latin1")
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`, "utf8")

/** Everything between the startup message of a client and its first query. */
export const welcome = (connectionId: number, parameters: ReadonlyMap<string, string>): Buffer =>
  Buffer.concat([
    message("R", int32(0)),
    ...Array.from(parameters, ([name, value]) => message("S", text(name), text(value))),
    message("K", int32(connectionId), int32(0)),
    message("Z", Buffer.from("I", "latin1"))
  ])

/** An error after which the connection is closed. `code` is an SQLSTATE. */
export const fatalError = (code: string, detail: string): Buffer =>
  message(
    "E",
    text("SFATAL"),
    text("VFATAL"),
    text(`C${code}`),
    text(`M${detail}`),
    Buffer.alloc(1)
  )

export const simpleQuery = (sql: string): Buffer => message("Q", text(sql))

export const sync: Buffer = message("S")

export const copyFail: Buffer = message(
  "f",
  text("the embedded store does not take COPY; use insert ... select from unnest(...)")
)

export const closeStatement = (name: string): Buffer =>
  message("C", Buffer.from("S", "latin1"), text(name))
