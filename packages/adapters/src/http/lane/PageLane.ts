import type { IncomingMessage, ServerResponse } from "node:http"
import { beforeAnswer, capture } from "./capture.ts"
import { PageCache } from "./PageCache.ts"
import { send } from "./Rendered.ts"
import type { Tally } from "./Tally.ts"

const listPath = "/products"
const pagePath = "/products/"
const addressMax = 512

/** The route of a page that may be cached; undefined for every other address. */
const routeOf = (url: string): string | undefined => {
  if (!url.startsWith(listPath) || url.length > addressMax) return undefined
  if (url.length === listPath.length || url[listPath.length] === "?") return "GET /products"
  if (url[listPath.length] !== "/") return undefined
  const isDeeper = url.indexOf("/", pagePath.length) !== -1
  return isDeeper ? undefined : "GET /products/:sku"
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0"

/**
 * Product pages from memory, as the endpoint answered them at most two seconds ago. Whatever staff
 * change through this server makes all pages anew.
 */
export class PageLane {
  readonly #pages = new PageCache()
  readonly #tally: Tally

  constructor(tally: Tally) {
    this.#tally = tally
  }

  /** True when the request was answered here. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const url = request.url ?? ""
    if (request.method !== "GET") {
      if (request.method !== "HEAD" && url.startsWith("/ops/")) {
        beforeAnswer(response, () => this.#pages.clear())
      }
      return false
    }
    const route = routeOf(url)
    if (route === undefined || hasBody(request)) return false
    const now = performance.now()
    const page = this.#pages.find(url, now)
    if (page === undefined) {
      this.#remember(url, now, response)
      return false
    }
    this.#tally.request(route, page.status)
    send(response, page)
    return true
  }

  #remember(url: string, now: number, response: ServerResponse): void {
    const { generation } = this.#pages
    capture(response, (answer) => {
      if (answer.status === 200) this.#pages.store(url, answer, now, generation)
      else this.#pages.delete(url)
    })
  }
}
