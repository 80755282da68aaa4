import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("../..", import.meta.url))

/** A block of commands, and the output that the page shows for it. */
export interface Block {
  /** Line of the page where it begins. */
  readonly line: number
  readonly commands: string
  /** It runs in the background until the page ends. */
  readonly keepsRunning: boolean
  readonly shown: Shown | null
}

export interface Shown {
  readonly language: "text" | "json"
  readonly text: string
}

interface Fence {
  readonly line: number
  readonly language: string
  readonly text: string
  /** The line above the fence that is not blank, and how far away it is. */
  readonly above: string
  /** Nothing but blank lines lies between this fence and the one before. */
  readonly follows: boolean
}

export const read = (path: string): string => readFileSync(join(root, path), "utf8")

const fences = (markdown: string): ReadonlyArray<Fence> => {
  const found: Array<Fence> = []
  const lines = markdown.split("\n")
  let above = ""
  let aboveIsFence = false
  for (let at = 0; at < lines.length; at++) {
    const opening = /^```(\w*)/.exec(lines[at] ?? "")
    if (opening === null) {
      if ((lines[at] ?? "").trim() === "") continue
      above = lines[at] ?? ""
      aboveIsFence = false
      continue
    }
    const end = lines.indexOf("```", at + 1)
    if (end < 0) throw new Error(`line ${at + 1}: a block without end`)
    const text = lines.slice(at + 1, end).join("\n")
    const language = opening[1] ?? ""
    found.push({ line: at + 1, language, text, above, follows: aboveIsFence })
    above = ""
    aboveIsFence = true
    at = end
  }
  return found
}

const shownBy = (fence: Fence | undefined): Shown | null =>
  fence?.follows && (fence.language === "text" || fence.language === "json")
    ? { language: fence.language, text: fence.text }
    : null

/** The blocks of a page that are run. */
export const blocksOf = (path: string): ReadonlyArray<Block> => {
  const all = fences(read(path))
  return all.flatMap(({ above, language, line, text }, index) => {
    if (language !== "sh" || above.startsWith("<!-- not run: ")) return []
    const keepsRunning = above === "<!-- keeps running -->"
    return [{ line, commands: text, keepsRunning, shown: shownBy(all[index + 1]) }]
  })
}

const withoutCode = (markdown: string): string =>
  markdown.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, "")

const anchorsOf = (path: string): ReadonlySet<string> => {
  const headings = read(path)
    .replace(/^```[\s\S]*?^```$/gm, "")
    .matchAll(/^#+ (.*)$/gm)
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-")
  return new Set(Array.from(headings, ([, heading = ""]) => slug(heading)))
}

/** Links of a page, other than to the web, that lead nowhere. */
export const deadLinks = (path: string): ReadonlyArray<string> => {
  const links = withoutCode(read(path)).matchAll(/\]\(([^)\s]+)\)/g)
  return Array.from(links, ([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .flatMap((target) => {
      const [file = "", anchor] = target.split("#")
      const goal = file === "" ? path : posix.join(posix.dirname(path), file)
      if (!existsSync(join(root, goal))) return [`${path}: ${target}`]
      const isThere = anchor === undefined || anchorsOf(goal).has(anchor)
      return isThere ? [] : [`${path}: ${target}`]
    })
}

/** Relative links of a page to other pages, in its order. */
export const pagesLinkedFrom = (path: string): ReadonlyArray<string> =>
  Array.from(withoutCode(read(path)).matchAll(/\]\(([^)\s#:]+\.md)\)/g), ([, target = ""]) =>
    posix.join(posix.dirname(path), target)
  )

/** Every page of the documentation. */
export const pages = (): ReadonlyArray<string> => {
  const below = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
  const docs = below.filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`)
  return ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", ...docs.sort()]
}

/** Rows of a page's tables: their cells, without the marks of code. */
export const tableRows = (path: string): ReadonlyArray<ReadonlyArray<string>> =>
  read(path)
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))

/** What is written as code in a text: `like this`. */
export const codes = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/`([^`]+)`/g), ([, code = ""]) => code)
