// The few flags of curl that the pages use, for machines that have none.
const args = process.argv.slice(2)
const headers = {}
let method
let body
let url = ""
let withHead = false
for (let at = 0; at < args.length; at++) {
  const arg = args[at]
  if (arg === "-s") continue
  if (arg === "-i") withHead = true
  else if (arg === "-X") method = args[++at]
  else if (arg === "-d") body = args[++at]
  else if (arg === "-H") {
    const [name, ...rest] = args[++at].split(": ")
    headers[name] = rest.join(": ")
  } else url = arg
}
const answer = await fetch(url, {
  method: method ?? (body === undefined ? "GET" : "POST"),
  headers,
  body
})
if (withHead) {
  process.stdout.write(`HTTP/1.1 ${answer.status} ${answer.statusText}\r\n`)
  for (const [name, value] of answer.headers) process.stdout.write(`${name}: ${value}\r\n`)
  process.stdout.write("\r\n")
}
process.stdout.write(await answer.text())
