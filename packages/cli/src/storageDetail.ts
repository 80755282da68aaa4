/** What a database's own words mean to whoever runs the store. */

/** An answer of Postgres begins with its SQLSTATE; a code of a socket is longer or all letters. */
const sqlState = /^(?=[A-Z]*\d)([0-9A-Z]{5}): /

/** Classes that say that it is not fit to answer: connection, operator, resources, system. */
const notFit = ["08", "57", "53", "58", "XX"]

/** The server was there, and would not do it: missing rights, a wrong password, no such table. */
export const isRefusal = (detail: string): boolean => {
  const code = sqlState.exec(detail)?.[1]
  return code !== undefined && !notFit.some((prefix) => code.startsWith(prefix))
}

export const embeddedStopped = "the embedded database stopped: is the disk full?"

/** The embedded database's machine ends with this word and nothing else to say. */
export const plainDetail = (detail: string): string =>
  detail.includes("Aborted(") ? embeddedStopped : detail
